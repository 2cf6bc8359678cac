//! Ledgers as people have them, and files that are none.

use std::io::Cursor;

use encoding_rs::EUC_KR;
use payssam_reconcile::{BelievedState, Error, Format, Ledger, Line, Mapping};

const HEADER: &str = "청구서번호,결제금액,결제상태\n";

fn ledger_of(bytes: impl AsRef<[u8]>, name: &str, map: &[Mapping]) -> Result<Ledger, Error> {
    Ledger::read_from(Cursor::new(bytes.as_ref().to_vec()), name, None, map)
}

#[track_caller]
fn lines_of(bytes: impl AsRef<[u8]>, name: &str) -> Vec<Line> {
    let ledger = ledger_of(bytes, name, &[]).unwrap();
    ledger.lines().unwrap().collect::<Result<_, _>>().unwrap()
}

/// Each line as `line id amount state`.
#[track_caller]
fn shown(bytes: impl AsRef<[u8]>, name: &str) -> Vec<String> {
    let shown = |line: Line| match line {
        Line::Belief(it) => {
            let amount = it
                .amount
                .map_or("-".to_owned(), |amount| amount.to_string());
            format!("{} {} {amount} {}", it.line, it.bill_id.as_str(), it.state)
        }
        Line::Unreadable { line, .. } => format!("{line} unreadable"),
        Line::Duplicate { .. } => unreachable!(),
    };
    lines_of(bytes, name).into_iter().map(shown).collect()
}

#[track_caller]
fn reason(bytes: impl AsRef<[u8]>) -> String {
    match lines_of(bytes, "books.csv").pop() {
        Some(Line::Unreadable { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn refusal(bytes: impl AsRef<[u8]>, name: &str) -> String {
    let read = ledger_of(bytes, name, &[])
        .and_then(|ledger| ledger.lines()?.try_for_each(|line| line.map(drop)));
    match read {
        Err(Error::NotALedger(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_encoding_that_korean_programs_write_is_read() {
    let text = format!("{HEADER}2024-0001,\"45,000\",결제완료\n3월 수강료/김,1000,미결제\n");
    let expected = ["2 2024-0001 45000 paid", "3 3월 수강료/김 1000 unpaid"];
    let utf16 = |units: &dyn Fn(u16) -> [u8; 2]| -> Vec<u8> {
        let units = "\u{feff}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(units);
        units.collect()
    };
    let encodings: [(&str, Vec<u8>); 6] = [
        ("UTF-8", text.clone().into()),
        ("UTF-8 with a mark", format!("\u{feff}{text}").into()),
        ("CP949", EUC_KR.encode(&text).0.into_owned()),
        ("UTF-16LE", utf16(&u16::to_le_bytes)),
        ("UTF-16BE", utf16(&u16::to_be_bytes)),
        ("CRLF", text.replace('\n', "\r\n").into()),
    ];
    for (name, bytes) in encodings {
        assert_eq!(shown(bytes, "books.csv"), expected, "{name}");
    }
    // Letters that only CP949 has beyond EUC-KR, far behind a beginning of ASCII.
    let mut long = String::from("bill_id,amount,state,memo\n");
    for number in 0..20_000 {
        long += &format!("2024-{number},1000,paid,plain\n");
    }
    long += "2025-1,1000,paid,뷁 쓩\n";
    let read = shown(EUC_KR.encode(&long).0, "books.csv");
    assert_eq!(read.len(), 20_001);
    assert_eq!(read[20_000], "20002 2025-1 1000 paid");
}

#[test]
fn every_separator_is_read_and_quoted_cells_may_have_line_ends() {
    for separator in [",", "\t", ";", "|"] {
        let row = |cells: [&str; 4]| cells.join(separator) + "\r\n";
        let text = row(["메모", "청구서 번호", "금액(원)", "상태"])
            + &row(["\"첫째 줄\r\n둘째 줄\"", "2024-0001", "\"45,000\"", "승인"])
            + &row(["", "", "", ""])
            + &row(["\"a \"\"b\"\"\"", "2024-0002", "45000", "취소"]);
        let expected = ["2 2024-0001 45000 paid", "5 2024-0002 45000 cancelled"];
        assert_eq!(shown(&text, "books.txt"), expected, "{separator:?}");
    }
}

#[test]
fn lines_that_end_with_a_carriage_return_alone_have_numbers() {
    let text = format!("{HEADER}a,1000,paid\nb,2000,unpaid\n").replace('\n', "\r");
    assert_eq!(
        shown(text, "books.csv"),
        ["2 a 1000 paid", "3 b 2000 unpaid"]
    );
}

#[test]
fn amounts_are_read_as_people_write_them() {
    for amount in [
        "45000",
        "45,000",
        "45,000원",
        "45000 원",
        "₩45,000",
        "￦45,000",
        "\\45,000",
        "４５０００",
        "４５，０００원",
        " 45000 ",
        "45000.00",
        "45,000.0",
        "KRW 45,000",
        "45,000 KRW",
    ] {
        let text = format!("{HEADER}a,\"{amount}\",paid\n");
        assert_eq!(shown(text, "books.csv"), ["2 a 45000 paid"], "{amount}");
    }
    for amount in [
        "45.000",
        "45,00",
        "4,5000",
        "4.5E+04",
        "-45000",
        "(45,000)",
        "△45,000",
        "045000",
        "45 000",
        "4만5천",
        "45000.5",
        "$45",
        "paid",
        "99999999999",
        "",
        "0",
    ] {
        let text = format!("{HEADER}a,\"{amount}\",paid\n");
        let reason = reason(text);
        assert!(
            reason.starts_with("line 2, column 2 (결제금액): "),
            "{amount}: {reason}"
        );
        assert!(amount.len() < 4 || !reason.contains(amount), "{reason}");
        let is_negative = ["-45000", "(45,000)", "△45,000"].contains(&amount);
        assert_eq!(
            reason.contains("looks like a refund"),
            is_negative,
            "{amount}"
        );
    }
}

#[test]
fn states_are_read_in_the_words_of_books() {
    use BelievedState::{Cancelled, Destroyed, Paid, Unpaid};
    for (state, words) in [
        (
            Unpaid,
            &["미결제", "미납", "W", "unpaid", "결제 대기", "Pending"][..],
        ),
        (
            Paid,
            &[
                "결제완료",
                "결제 완료",
                "승인",
                "F",
                "PAID",
                "수납완료",
                "완납",
                "Ｆ",
            ],
        ),
        (
            Cancelled,
            &[
                "취소",
                "결제취소",
                "C",
                "canceled",
                "cancelled",
                "환불",
                "승인취소",
            ],
        ),
        (Destroyed, &["파기", "D", "destroyed", "청구서 파기"]),
    ] {
        for word in words {
            let text = format!("{HEADER}a,1000,{word}\n");
            assert_eq!(
                shown(text, "books.csv"),
                [format!("2 a 1000 {state}")],
                "{word}"
            );
        }
    }
    // As macOS writes them: each letter in parts.
    let parts = "\u{1100}\u{1167}\u{11af}\u{110c}\u{1166}\u{110b}\u{116a}\u{11ab}\u{1105}\u{116d}";
    assert_eq!(
        shown(format!("{HEADER}a,1000,{parts}\n"), "books.csv"),
        ["2 a 1000 paid"]
    );
    for word in ["", "부분취소", "취소요청", "collected", "김하나", "Y"] {
        let reason = reason(format!("{HEADER}a,1000,{word}\n"));
        assert!(
            reason.starts_with("line 2, column 3 (결제상태): "),
            "{word}: {reason}"
        );
    }
}

#[test]
fn an_id_that_a_spreadsheet_spoilt_is_named_by_line_and_column() {
    let text = format!("{HEADER}20240101000000000001,1000,paid\n2.02E+19,1000,paid\n");
    let reason = reason(text);
    assert!(
        reason.starts_with("line 3, column 1 (청구서번호): 2.02E+19 is how a spreadsheet"),
        "{reason}"
    );
    let json = r#"{"bill_id":20240101000000000001,"amount":1,"state":"paid"}"#;
    let [
        Line::Unreadable {
            line: 1, reason, ..
        },
    ] = &lines_of(json, "books.jsonl")[..]
    else {
        panic!("a number that may have been rounded is no id");
    };
    assert!(
        reason.contains("line 1: bill_id: a number with a fraction or more than 15 digits"),
        "{reason}"
    );
    // What this crate writes for spreadsheets, it reads.
    let text = format!("{HEADER}=\"00012\",1,paid\n'-7,1,paid\n00013\t,1,paid\n");
    let expected = ["2 00012 1 paid", "3 -7 1 paid", "4 00013 1 paid"];
    assert_eq!(shown(text, "books.csv"), expected);
}

#[test]
fn a_comma_without_quotes_makes_no_other_amount() {
    let text = "bill_id,state,amount\na,paid,45,000\nb,paid,45000,,\n";
    assert_eq!(shown(text, "books.csv"), ["2 unreadable", "3 b 45000 paid"]);
}

#[test]
fn a_quote_that_is_not_closed_loses_no_line_silently() {
    let rows: String = (0..50)
        .map(|row| format!("b-{row},1000,paid,memo\n"))
        .collect();
    let header = "bill_id,amount,state,memo\n";
    for broken in [
        format!("{header}a,1000,paid,\"open\n{rows}"),
        format!("{header}a,1000,paid,\"open\n{rows}c,1000,paid,\"\n"),
        format!(
            "{header}a,1000,paid,\"open\n{}",
            "b,1000,paid,memo\n".repeat(100_000)
        ),
    ] {
        let problem = refusal(broken, "books.csv");
        assert!(problem.contains("is not closed"), "{problem}");
    }
}

#[test]
fn a_quote_that_is_not_closed_is_refused_also_where_rows_are_shorter_than_the_header() {
    let memo = "bill_id,amount,state,memo\n";
    let wide = "bill_id,amount,state,memo,b,c,d\n";
    for broken in [
        format!("{memo}A1,45000,paid,\"oops\nA2,1,paid\nA3,1,paid\n"),
        format!("{memo}A1,45000,paid,\"oops\nA2,1,paid\n\"A3\",1,paid\n"),
        format!("{memo}A1,45000,paid,\"oops\nA2,1,paid\nA3,1,paid,\"\n"),
        format!("{memo}A1,45000,paid,\"oops\nA2,,paid,5\"\n"),
        format!("{memo}A1,45000,paid,\"oops\nA2,1,???,5\"\n"),
        // The cell is closed, and holds whole lines all the same.
        format!("{memo}A1,45000,paid,\"oops\nA2,x,y,z\"\n"),
        format!("{wide}A1,45000,paid,\"oops\nA2,1,paid\"\n"),
        format!("{wide}A1,45000,paid,\"oops\nA2,1,???\"\n"),
        format!("{wide}A1,45000,paid,\"oops\nA2,???,paid\"\n"),
        // Nothing but the rest of the file is in it.
        format!("{memo}A1,45000,paid,\"oops\n"),
        format!("{memo}A1,45000,paid,\"oops"),
        format!("{memo}A1,45000,paid,\"oops\nA2\nA3\n"),
        format!("{memo}A1,45000,paid,\"oops \"\"again\"\"\nA2\n"),
        // Closed by the quote of another cell.
        format!("{wide}A1,45000,paid,\"oops\nA2,\"45,000\",paid\nA3,1,paid\n"),
        format!("{wide}A1,45000,paid,\"oops\r\nA2,\"45,000\",paid\r\nA3,1,paid\r\n"),
        format!("{wide}A1,45000,paid,\"oops\n \"A2\",1,paid\n"),
        format!("{wide}\"A1,45000,paid\nA2,1,paid\n\"A3\",1,paid\n"),
        // In the header, or in a title above it.
        "bill_id,amount,state,\"memo\nA1,45000,paid\nA2,1,paid\n".to_owned(),
        "bill_id,amount,state,\"memo\nA1,45000,paid,5\"\nA2,1,paid\n".to_owned(),
        format!("{memo}A1,45000,paid,\"oops\nA2,1,paid\nA3,1,paid\n").replace(',', "\t"),
        format!("{memo}A1,45000,paid,\"oops\nA2,1,paid\nA3,1,paid\n").replace('\n', "\r"),
        format!("{memo}A1,45000,결제완료,\"메모\nA2,1,결제완료\nA3,1,결제완료\n").replace(',', ";"),
    ] {
        let problem = refusal(&broken, "books.csv");
        assert!(problem.contains("is not closed"), "{broken}: {problem}");
        // What is known of a broken line is known whatever follows.
        let longer = format!("{broken}{}", "\nb,1,paid,plain".repeat(20_000));
        refusal(longer, "books.csv");
    }
}

#[test]
fn honest_cells_with_quotes_and_line_ends_stay() {
    for cell in [
        "\"첫째 줄\n둘째 줄\"",
        "\"첫째 줄\r\n\r\n둘째 줄\"",
        "\"서울시\n강남구, 역삼동, 101호\"",
        "\"a \"\"b\"\"\n\"\"c\"\"\"",
        "\"closed with a blank\nbehind it\" ",
        "5\" pipe",
        "\"특강\" 3월",
        // No line of this ledger: its last column that counts is not there, or says nothing.
        "\"첫째 줄\n수량, 3\"",
        "\"첫째 줄\n가, 나, 다\"",
        "\"\"",
        "\"\n\"",
    ] {
        for end in ["\n", "\r\n"] {
            let text = format!(
                "bill_id,amount,state,memo,more{end}a,45000,paid,{cell},x{end}b,1,paid,x,{cell}{end}c,1,paid{end}"
            );
            let lines = lines_of(&text, "books.csv");
            assert_eq!(lines.len(), 3, "{text}");
            assert!(
                lines.iter().all(|line| matches!(line, Line::Belief(_))),
                "{text}: {lines:?}"
            );
        }
    }
}

#[test]
fn a_quote_that_begins_no_cell_is_text() {
    let text = "bill_id,amount,state,memo\na,45000,paid,5\" pipe\nb,1,paid,x\n";
    assert_eq!(shown(text, "books.csv"), ["2 a 45000 paid", "3 b 1 paid"]);
}

#[test]
fn the_line_of_a_quote_that_is_not_closed_is_named() {
    let header = "bill_id,amount,state,memo,more\n";
    for (broken, line) in [
        (format!("{header}a,1,paid,\"open\nb,1,paid\n"), 2),
        (format!("{header}\na,1,paid\nb,1,paid,\"open\n"), 4),
        (
            format!("{header}a,1,paid,\"two\nlines\",x\nb,1,paid,\"open\nc\nd,\"1\",paid\n"),
            4,
        ),
    ] {
        let problem = refusal(&broken, "books.csv");
        let named = format!("a quote on line {line} is not closed");
        assert!(problem.contains(&named), "{problem}");
        let problem = refusal(broken.replace('\n', "\r"), "books.csv");
        assert!(problem.contains(&named), "{problem}");
    }
}

#[test]
fn a_record_of_more_than_1_mib_is_refused_and_not_read() {
    let memo = "x".repeat(2 * 1024 * 1024);
    let long = format!("bill_id,amount,state,memo\na,1,paid\nb,1,paid,{memo}\nc,1,paid\n");
    let problem = refusal(long, "books.csv");
    let named = "the record after line 2 has more than 1048576 bytes";
    assert!(problem.contains(named), "{problem}");
}

#[test]
fn quoted_cells_lie_anywhere_in_a_long_file() {
    // So much of each line is between quotes that each block that is read ahead ends there.
    let memo = "한 줄\n".repeat(200);
    let lines = (0..500).map(|line| format!("b-{line},1,paid,\"{memo}\"\n"));
    let text = format!("bill_id,amount,state,memo\n{}", lines.collect::<String>());
    for bytes in [
        text.clone().into_bytes(),
        EUC_KR.encode(&text).0.into_owned(),
    ] {
        let read = lines_of(bytes, "books.csv");
        assert_eq!(read.len(), 500);
        for (number, line) in read.iter().enumerate() {
            let Line::Belief(belief) = line else {
                panic!("{line:?}")
            };
            assert_eq!(belief.bill_id.as_str(), format!("b-{number}"));
        }
    }
}

#[test]
fn every_letter_of_a_long_file_in_cp949_is_read() {
    let id = |line: usize| format!("{line:05}-가나다라마바사아자차카타파");
    let lines = (0..10_000).map(|line| format!("{},1,paid\n", id(line)));
    let text = format!("bill_id,amount,state\n{}", lines.collect::<String>());
    let read = lines_of(EUC_KR.encode(&text).0, "books.csv");
    assert_eq!(read.len(), 10_000);
    for (number, line) in read.iter().enumerate() {
        let Line::Belief(belief) = line else {
            panic!("{line:?}")
        };
        assert_eq!(belief.bill_id.as_str(), id(number));
    }
}

#[test]
fn a_damaged_byte_is_no_reason_to_take_utf8_for_cp949() {
    // Each has one damaged byte in either encoding; é is another letter in CP949.
    let mut bytes = b"bill_id,amount,state,memo\n".to_vec();
    for line in 0..100 {
        bytes.extend(format!("café-{line},1,paid,x\n").bytes());
    }
    bytes.extend(b"last,1,paid,\xff\n");
    let read = shown(bytes, "books.csv");
    assert_eq!(read.len(), 101);
    assert_eq!(read[0], "2 café-0 1 paid");
}

#[test]
fn a_reason_is_short_however_long_a_cell_is() {
    let zeros = |count| "0".repeat(count);
    let long = format!("{}1", zeros(2_999));
    let scientific = format!("2.{}E+19", zeros(70_000));
    for cells in [
        format!("{scientific},1000,paid"),
        format!("{long},1000,paid"),
        format!("{},1000,paid", "김".repeat(3_000)),
        format!("{},1000,paid", "\u{202e}".repeat(3_000)),
        format!("a,{long},paid"),
        format!("a,1000.{long},paid"),
        format!("a,1000,{long}"),
        format!("a,1000,paid{}", ",x".repeat(3_000)),
    ] {
        let reason = reason(format!("{HEADER}{cells}\n"));
        assert!(reason.chars().count() <= 300, "{reason}");
    }
    let reason = reason(format!("{HEADER}{scientific},1000,paid\n"));
    let quoted = format!("2.{}… is how a spreadsheet", zeros(38));
    assert!(reason.contains(&quoted), "{reason}");
    // A name of a column may be long too.
    let name = "금".repeat(3_000);
    let map = [format!("amount={name}").parse().unwrap()];
    let text = format!("bill_id,{name},state\na,x,paid\n");
    let ledger = ledger_of(text, "books.csv", &map).unwrap();
    match ledger.lines().unwrap().next().unwrap().unwrap() {
        Line::Unreadable { reason, .. } => assert!(reason.chars().count() <= 300, "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_title_may_stand_above_the_header_and_columns_may_have_any_name() {
    let text = "2026년 11월 수납 내역,,\n,,\n청구서번호,금액,상태\na,1000,완료\n";
    assert_eq!(shown(text, "books.csv"), ["4 a 1000 paid"]);

    let text = "주문,수강료,결과\na,1000,완료\n";
    assert!(refusal(text, "books.csv").contains("no header"));
    let map = ["bill_id=주문", "amount=수강료", "결과=state"].map(|map| map.parse().unwrap());
    let ledger = ledger_of(text, "books.csv", &map).unwrap();
    let lines: Vec<_> = ledger.lines().unwrap().map(Result::unwrap).collect();
    assert!(
        matches!(&lines[..], [Line::Belief(it)] if it.bill_id.as_str() == "a"),
        "{lines:?}"
    );
    assert!("total=sum".parse::<Mapping>().is_err());
    for half in ["amount", "amount=", "=amount", " = amount", "="] {
        let problem = half.parse::<Mapping>().unwrap_err();
        assert!(problem.contains("it must be column=name"), "{problem}");
    }
    // What stands in brackets is no part of a name, wherever it stands.
    let text = "청구서[전체]번호,결제(승인)금액,상태\na,1000,완료\n";
    assert_eq!(shown(text, "books.csv"), ["2 a 1000 paid"]);
    // The row that is most like a header says what is missing.
    let text = "수납 내역\nbill_id,state\na,paid\n";
    assert!(refusal(text, "books.csv").contains("no column for amount"));

    // Two columns could be the amount: the one that is meant is named.
    let text = "bill_id,청구금액,결제금액,state\na,2000,1000,paid\n";
    assert!(refusal(text, "books.csv").contains("--map amount=NAME"));
    let ledger = ledger_of(text, "books.csv", &["amount=결제금액".parse().unwrap()]).unwrap();
    let lines: Vec<_> = ledger.lines().unwrap().map(Result::unwrap).collect();
    assert!(
        matches!(&lines[..], [Line::Belief(it)] if it.amount.unwrap().get() == 1_000),
        "{lines:?}"
    );
    assert!(refusal("bill_id,state\na,paid\n", "books.csv").contains("no column for amount"));
}

#[test]
fn json_lines_are_read_by_name_or_content() {
    let text = "{\"bill_id\":\"a\",\"amount\":1000,\"state\":\"paid\",\"day\":\"2026-11-25\"}\n\n\
                {\"청구서번호\":\"b\",\"금액\":\"2,000원\",\"상태\":\"미결제\"}\nnonsense\n{\"bill_id\":\"c\"}\n\
                {\"bill_id\":\"d\",\"amount\":null,\"state\":\"unpaid\"}\n{\"bill_id\":{},\"amount\":1,\"state\":\"paid\"}\n";
    let expected = [
        "1 a 1000 paid",
        "3 b 2000 unpaid",
        "4 unreadable",
        "5 unreadable",
        "6 d - unpaid",
        "7 unreadable",
    ];
    for name in ["books.jsonl", "books.ndjson", "books", "-"] {
        assert_eq!(shown(text, name), expected, "{name}");
    }
    let ledger =
        Ledger::read_from(Cursor::new(text), "books.csv", Some(Format::JsonLines), &[]).unwrap();
    assert_eq!(ledger.lines().unwrap().count(), 6);
    let long = format!(
        "{text}{{\"bill_id\":\"{}\"}}\n{text}",
        "x".repeat(2_000_000)
    );
    assert_eq!(shown(long, "books.jsonl").len(), 13);
}

#[test]
fn a_name_of_csv_is_believed_whatever_the_file_begins_with() {
    let text = "{memo},bill_id,amount,state\nx,a,1000,paid\n";
    for name in ["books.csv", "BOOKS.CSV"] {
        assert_eq!(shown(text, name), ["2 a 1000 paid"]);
    }
    let text = text.replace(',', "\t");
    assert_eq!(shown(&text, "books.tsv"), ["2 a 1000 paid"]);
    assert!(refusal(&text, "books").contains("no JSON object"));
}

#[test]
fn a_ledger_has_the_name_of_its_file_without_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("books 11.csv");
    std::fs::write(&path, format!("{HEADER}a,1000,paid\n")).unwrap();
    let ledger = Ledger::open(&path, None, &[]).unwrap();
    assert_eq!(ledger.name(), "books 11.csv");
    assert_eq!(ledger.uncertain_bills(), 0);
    assert_eq!(ledger.with_uncertain_bills(3).uncertain_bills(), 3);
}

#[test]
fn of_two_columns_with_a_day_the_first_is_read() {
    let text = "결제일,승인일,청구서번호,금액,상태\n2026-11-25,2026-11-26,a,1,완료\n";
    let [Line::Belief(belief)] = &lines_of(text, "books.csv")[..] else {
        panic!("it has one line");
    };
    assert_eq!(belief.day, Some("2026-11-25".parse().unwrap()));
}

#[test]
fn a_line_of_json_has_1_mib_with_its_end() {
    let line = |length: usize| {
        let line = |memo: &str| {
            format!("{{\"bill_id\":\"a\",\"amount\":1,\"state\":\"paid\",\"memo\":\"{memo}\"}}\n")
        };
        line(&"x".repeat(length - line("").len()))
    };
    let next = "{\"bill_id\":\"b\",\"amount\":1,\"state\":\"paid\"}\n";
    for (length, first) in [
        (100_000, "1 a 1 paid"),
        (1_048_576, "1 a 1 paid"),
        (1_048_577, "1 unreadable"),
        (1_048_578, "1 unreadable"),
    ] {
        let text = format!("{}{next}", line(length));
        assert_eq!(
            shown(text, "books.jsonl"),
            [first, "2 b 1 paid"],
            "{length}"
        );
    }
}

#[test]
fn a_number_of_15_digits_is_an_id_in_json_and_a_longer_one_may_have_been_rounded() {
    for (number, is_id) in [
        ("7", true),
        ("123456789012345", true),
        ("1234567890123456", false),
    ] {
        let text = format!("{{\"bill_id\":{number},\"amount\":1,\"state\":\"paid\"}}\n");
        let expected = match is_id {
            true => format!("1 {number} 1 paid"),
            false => "1 unreadable".to_owned(),
        };
        assert_eq!(shown(text, "books.jsonl"), [expected]);
    }
}

#[test]
fn what_is_no_number_says_so() {
    for amount in ["원", "KRW", "4만5천", "paid"] {
        let reason = reason(format!("{HEADER}a,{amount},paid\n"));
        assert!(reason.ends_with("no amount of won"), "{reason}");
    }
}

#[test]
fn days_are_days_in_korea() {
    for (day, expected) in [
        ("2026-11-25", Some("2026-11-25")),
        ("2026. 11. 25.", Some("2026-11-25")),
        ("2026/11/25 09:30", Some("2026-11-25")),
        ("2026년 11월 25일", Some("2026-11-25")),
        ("20261125", Some("2026-11-25")),
        ("20261125093000", Some("2026-11-25")),
        ("2026-11-24T15:30:00Z", Some("2026-11-25")),
        ("2026-11-25T23:00:00+09:00", Some("2026-11-25")),
        ("25 Nov", None),
        ("46351", None),
        ("", None),
    ] {
        let text = format!("결제일,청구서번호,금액,상태\n{day},a,1,완료\n");
        let [Line::Belief(belief)] = &lines_of(text, "books.csv")[..] else {
            panic!("{day}");
        };
        assert_eq!(
            belief.day.map(|day| day.to_string()).as_deref(),
            expected,
            "{day}"
        );
    }
}

#[test]
fn a_file_that_is_no_ledger_is_refused_with_advice() {
    for (bytes, advice) in [
        (&b""[..], "empty"),
        (b"\n  \n", "empty"),
        (b"PK\x03\x04rest", "save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "save it as CSV"),
        (b"%PDF-1.7\n", "export"),
        (b"<html><table>", "save it as CSV"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "save it as CSV"),
        (b"SQLite format 3\0", "--database"),
        (b"\x1f\x8b\x08", "unpack"),
        (b"[{\"bill_id\":\"a\"}]", "jq"),
        (b"bill_id\0,amount,state\n", "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "binary"),
        (b"just some text\nwithout columns\n", "no header"),
        (b"a,b,c\n1,2,3\n", "no header"),
        (b"\xff\x80\x81\xfe\xff\xff", "neither"),
    ] {
        let problem = refusal(bytes, "books.csv");
        assert!(problem.contains(advice), "{bytes:?}: {problem}");
    }
    assert!(refusal("bill_id,amount,state\n", "books.jsonl").contains("no JSON object"));
    assert!(refusal("{\"id\":\"a\"}\n", "books.jsonl").contains("no column for amount and state"));
}

#[test]
fn nothing_of_a_cell_but_an_id_is_in_a_reason() {
    let secret = "01012345678";
    for cells in [
        format!("{secret},1000,{secret}"),
        format!("a,{secret},paid,{secret}"),
        format!("a,{secret}0,paid"),
        format!("김하나 {secret} 가나다라마바사,1000,paid"),
    ] {
        let reason = reason(format!("{HEADER}{cells}\n"));
        assert!(
            !reason.contains(secret) && !reason.contains("김하나"),
            "{reason}"
        );
    }
    let header = format!("{secret},금액,상태\n");
    assert!(!refusal(header, "books.csv").contains(secret));
}
