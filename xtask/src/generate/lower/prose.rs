//! Turns prose into plain text, because the generator copies it into doc comments, where
//! Markdown and rustdoc would interpret it.

/// The text as it should be read, safe in a doc comment.
///
/// Runs of blanks become one, also at the start of a line and after a list's
/// number: four of them would make a doctest. `<br>` becomes a line end. What
/// rustdoc would take for HTML, a link or code is escaped, and bare addresses
/// become links.
pub(super) fn plain(text: &str) -> String {
    let text = break_lines(text);
    let lines: Vec<String> = text.lines().map(plain_line).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// `<br>`, `<br/>` and `<br />` in any case become line ends.
fn break_lines(text: &str) -> String {
    let mut broken = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        broken.push_str(&rest[..start]);
        rest = &rest[start..];
        match break_length(rest) {
            Some(length) => {
                broken.push('\n');
                rest = &rest[length..];
            }
            None => {
                broken.push('<');
                rest = &rest[1..];
            }
        }
    }
    broken + rest
}

fn break_length(tag: &str) -> Option<usize> {
    let end = tag.find('>')?;
    let name = tag[1..end].trim_end_matches(['/', ' ']);
    name.eq_ignore_ascii_case("br").then_some(end + 1)
}

fn plain_line(line: &str) -> String {
    let words: Vec<String> = line.split_whitespace().map(plain_word).collect();
    words.join(" ")
}

fn plain_word(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(start) = ["http://", "https://"]
        .iter()
        .filter_map(|scheme| rest.find(scheme))
        .min()
    {
        let length = address_length(&rest[start..]);
        escape(&rest[..start], &mut plain);
        plain.push('<');
        plain.push_str(&rest[start..start + length]);
        plain.push('>');
        rest = &rest[start + length..];
    }
    escape(rest, &mut plain);
    plain
}

/// How far an address goes: Korean particles follow it without a space, and
/// punctuation at its end belongs to the sentence.
fn address_length(text: &str) -> usize {
    let end = text
        .find(|character: char| !character.is_ascii_graphic() || "<>[]()`\"'\\".contains(character))
        .unwrap_or(text.len());
    text[..end]
        .trim_end_matches(['.', ',', ';', ':', '!', '?'])
        .len()
}

fn escape(text: &str, plain: &mut String) {
    for character in text.chars() {
        if "\\<>[]`~".contains(character) {
            plain.push('\\');
        }
        plain.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indentation_cannot_make_a_doctest() {
        assert_eq!(
            plain("    통신 암호 키\n\tHash 생성  \n"),
            "통신 암호 키\nHash 생성"
        );
        assert_eq!(plain("1.      첫째"), "1. 첫째");
    }

    #[test]
    fn empty_lines_stay_inside_and_go_at_both_ends() {
        assert_eq!(plain("\n  \n하나\n\n둘\n \n"), "하나\n\n둘");
        assert_eq!(plain(" \n "), "");
    }

    #[test]
    fn html_line_breaks_become_line_ends() {
        assert_eq!(plain("하나<br>둘<br/>셋<BR />넷"), "하나\n둘\n셋\n넷");
    }

    #[test]
    fn markdown_is_escaped() {
        assert_eq!(plain("W -> F"), "W -\\> F");
        assert_eq!(plain("<b>취소</b>"), "\\<b\\>취소\\</b\\>");
        assert_eq!(plain("[필수] `phone`"), "\\[필수\\] \\`phone\\`");
        assert_eq!(plain("~~~"), "\\~\\~\\~");
        assert_eq!(plain(r"이미 \[이것\]"), r"이미 \\\[이것\\\]");
        assert_eq!(plain("a < b <"), "a \\< b \\<");
    }

    #[test]
    fn bare_addresses_become_links_without_what_follows_them() {
        for (text, expected) in [
            ("https://a.kr/b", "<https://a.kr/b>"),
            (
                "http://a.kr에서 (https://b.kr/c?d=1&e=[f]).",
                "<http://a.kr>에서 (<https://b.kr/c?d=1&e=>\\[f\\]).",
            ),
            ("https://a.kr.", "<https://a.kr>."),
            ("https://a.kr,http://b.kr", "<https://a.kr,http://b.kr>"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }

    #[test]
    fn no_letter_of_the_text_is_lost() {
        let text = "    {phone} 값이 설정된 경우 {bill_id} + \",\" + {phone}\n [가] <나> `다`\n";
        let letters = |text: &str| -> String {
            text.chars()
                .filter(|letter| !letter.is_whitespace() && *letter != '\\')
                .collect()
        };
        assert_eq!(letters(&plain(text)), letters(text));
    }
}
