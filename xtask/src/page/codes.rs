//! Result codes: read from the tables in a page's prose.

use super::blocks::{self, Table};

/// The headers of a column of result codes, without white space and in lower case.
/// Tables of bank or card codes have other headers.
const CODE: [&str; 9] = [
    "코드",
    "code",
    "결과코드",
    "응답코드",
    "에러코드",
    "오류코드",
    "resultcode",
    "responsecode",
    "errorcode",
];
const MESSAGE: [&str; 5] = ["메시지", "메세지", "message", "msg", "내용"];
const CAUSE: [&str; 7] = [
    "원인",
    "설명",
    "사유",
    "비고",
    "cause",
    "reason",
    "description",
];

/// One result code as a page explains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The code.
    pub code: String,
    /// The message that comes with it.
    pub message: String,
    /// What causes it.
    pub cause: String,
    /// The page.
    pub file: String,
    /// The line on the page, from 1.
    pub line: usize,
}

/// The rows of a table of result codes; `None` if it is another table.
pub(super) fn rows(table: &Table, file: &str) -> Option<Vec<Row>> {
    let code = table.header.iter().position(|cell| is_code(cell))?;
    let message = column(&table.header, &MESSAGE, code + 1);
    let cause = column(&table.header, &CAUSE, message + 1);
    let row = |row: &blocks::Row| {
        let cell = |column: usize| row.cells.get(column).cloned().unwrap_or_default();
        Row {
            code: cell(code),
            message: cell(message),
            cause: cell(cause),
            file: file.to_owned(),
            line: row.line,
        }
    };
    let rows = table.rows.iter().map(row);
    Some(rows.filter(|row| !row.code.is_empty()).collect())
}

fn is_code(header: &str) -> bool {
    CODE.contains(&squeezed(header).as_str())
}

/// The first column whose header contains one of `names`, else `otherwise`.
fn column(header: &[String], names: &[&str], otherwise: usize) -> usize {
    header
        .iter()
        .position(|cell| {
            let cell = squeezed(cell);
            names.iter().any(|name| cell.contains(name))
        })
        .unwrap_or(otherwise)
}

fn squeezed(text: &str) -> String {
    let text: String = text.split_whitespace().collect();
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::super::blocks::Block;
    use super::*;

    fn read(page: &str) -> Vec<Row> {
        let blocks = blocks::read(page).blocks.into_iter();
        let tables = blocks.filter_map(|block| match block {
            Block::Table(table) => rows(&table, "pages/code.md"),
            _ => None,
        });
        tables.flatten().collect()
    }

    fn texts(rows: &[Row]) -> Vec<[&str; 3]> {
        rows.iter()
            .map(|row| [&*row.code, &*row.message, &*row.cause])
            .collect()
    }

    #[test]
    fn columns_are_found_by_their_headers_in_any_order() {
        let rows = read(
            "| 원인 | 결과 코드 | 메시지 |\n|---|---|---|\n| 성공 | `0000` | 성공하였습니다. |\n",
        );
        assert_eq!(texts(&rows), [["0000", "성공하였습니다.", "성공"]]);
        assert_eq!(rows[0].line, 3);
    }

    #[test]
    fn columns_without_known_headers_follow_the_code() {
        let rows = read("| Code | A | B |\n|---|---|---|\n| X_1 | one | two |\n| X\\_2 |\n");
        assert_eq!(texts(&rows), [["X_1", "one", "two"], ["X_2", "", ""]]);
    }

    #[test]
    fn tables_of_other_codes_and_rows_without_a_code_are_ignored() {
        let page = "| 은행코드 | 은행 |\n|---|---|\n| 004 | 국민 |\n\n| 코드 | 메시지 |\n|---|---|\n| | x |\n";
        assert_eq!(texts(&read(page)), [[""; 3]; 0]);
    }

    #[test]
    fn a_table_in_a_code_fence_is_ignored() {
        assert!(read("```\n| 코드 |\n|---|\n| A |\n```\n").is_empty());
    }
}
