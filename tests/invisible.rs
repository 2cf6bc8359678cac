//! The table of invisible characters, held against Unicode's own.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{BidiControl, DefaultIgnorableCodePoint, GeneralCategory},
};
use payssam::{BillId, Credentials, redact};

/// All characters that Unicode calls a control, a separator of lines, or one to draw nothing for.
fn invisible() -> impl Iterator<Item = char> {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let bidi = CodePointSetData::new::<BidiControl>();
    let category = CodePointMapData::<GeneralCategory>::new();
    ('\0'..=char::MAX).filter(move |&c| {
        ignorable.contains(c)
            || bidi.contains(c)
            || matches!(
                category.get(c),
                GeneralCategory::Control
                    | GeneralCategory::LineSeparator
                    | GeneralCategory::ParagraphSeparator
            )
            || ('\u{fff9}'..='\u{fffb}').contains(&c)
    })
}

#[test]
fn the_table_holds_what_unicode_draws_nothing_for_and_nothing_else() {
    let table = ('\0'..=char::MAX).filter(|&c| redact::is_invisible(c));
    assert!(table.eq(invisible()));
}

#[test]
fn ids_and_credentials_refuse_each_of_them() {
    for c in invisible() {
        assert!(BillId::new(format!("a{c}b")).is_err(), "{c:?} in a bill id");
        for part in ["key", "member", "merchant"] {
            let text = |name| {
                if name == part {
                    format!("a{c}b")
                } else {
                    "a".to_owned()
                }
            };
            let credentials = Credentials::builder()
                .api_key(text("key"))
                .member(text("member"))
                .merchant(text("merchant"))
                .build();
            assert!(credentials.is_err(), "{c:?} in the {part}");
        }
    }
}

#[test]
fn output_shows_each_of_them_as_its_number() {
    for c in invisible() {
        let shown = redact::escape(&format!("a{c}b"));
        assert_eq!(shown, format!("a\\u{{{:x}}}b", u32::from(c)));
    }
}

#[test]
fn korean_and_marks_that_are_drawn_stay() {
    let text = "ㄱ가 힣 Ａ１ é 1,000원 — “결제”";
    assert_eq!(redact::escape(text), text);
}
