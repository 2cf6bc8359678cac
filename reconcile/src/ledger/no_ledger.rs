//! Files that are no ledgers, told by their first bytes, and what to do about each.

/// What the file is and what to do, if it is something else.
pub(super) fn known_by(first: &[u8]) -> Option<&'static str> {
    const XLSX: &str = "it is an Excel workbook (or another zip file); open it and save it as CSV UTF-8, or as JSON lines";
    const HTML: &str = "it is a web page, which some programs name .xls; open it in a spreadsheet and save it as CSV UTF-8";
    let text = first
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(first)
        .trim_ascii_start();
    let starts = |mark: &[u8]| first.starts_with(mark);
    if text.is_empty() {
        return Some("it is empty");
    }
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        return Some(XLSX);
    }
    if starts(b"\xd0\xcf\x11\xe0") {
        return Some("it is an old Excel workbook (.xls); open it and save it as CSV UTF-8");
    }
    if starts(b"%PDF") {
        return Some("it is a PDF; export the same list as CSV");
    }
    if starts(b"SQLite format 3\0") {
        return Some("it is an SQLite database; give a ledger of payssam with --database instead");
    }
    if starts(b"\x1f\x8b") {
        return Some("it is compressed with gzip; unpack it first");
    }
    if starts(b"{\\rtf") {
        return Some("it is an RTF document; export the same list as CSV");
    }
    if text.starts_with(b"<") {
        return Some(HTML);
    }
    if text.starts_with(b"[") {
        return Some("it is a JSON array; write one object on each line instead (jq -c '.[]')");
    }
    let has_mark = starts(b"\xff\xfe") || starts(b"\xfe\xff");
    if !has_mark && first.contains(&0) {
        return Some(
            "it is a binary file, or UTF-16 without a byte order mark; save it as CSV UTF-8",
        );
    }
    None
}
