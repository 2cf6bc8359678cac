//! Follows where fences open and close on the way down a page, as lines alone tell. Where that is not sure, a fence
//! counts as open.

/// The fence that is open, if any.
#[derive(Debug, Default)]
pub(super) struct Fencing {
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    mark: u8,
    length: usize,
    /// How many quotes it is in.
    quotes: usize,
    /// Where the content of its list item begins, in characters; 0 where the line does not tell.
    indent: usize,
}

impl Fencing {
    /// Takes the next line, and returns whether it is code or a mark of it.
    pub fn follow(&mut self, line: &str) -> bool {
        if let Some(open) = &self.open {
            match open.inside(line) {
                Some(content) => {
                    let text = content.trim();
                    let is_end =
                        text.len() >= open.length && text.bytes().all(|byte| byte == open.mark);
                    if is_end {
                        self.open = None;
                    }
                    return true;
                }
                None => self.open = None,
            }
        }
        let at = prefix(line);
        let (before, text) = line.split_at(at);
        let Some((mark, length)) = opens(text) else {
            return false;
        };
        let is_marker = |c: char| !matches!(c, ' ' | '\t' | '>');
        let marker = before.rfind(is_marker);
        let item = before.rfind('>').map_or(0, |at| at + 1);
        let indent = match marker {
            Some(at) if at >= item => before.len() - item,
            _ => 0,
        };
        let quotes = before.matches('>').count();
        self.open = Some(Open {
            mark,
            length,
            quotes,
            indent,
        });
        true
    }
}

impl Open {
    /// The line without what it has of the containers of the fence, if it is in them.
    fn inside<'a>(&self, line: &'a str) -> Option<&'a str> {
        let mut rest = line;
        for _ in 0..self.quotes {
            rest = rest.trim_start_matches([' ', '\t']).strip_prefix('>')?;
        }
        let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        (self.indent == 0 || indent >= self.indent || rest.trim().is_empty()).then_some(rest)
    }
}

/// The mark of a fence that this text opens, and how many there are of it.
fn opens(text: &str) -> Option<(u8, usize)> {
    let mark = *text.as_bytes().first()?;
    if !matches!(mark, b'`' | b'~') {
        return None;
    }
    let length = text.bytes().take_while(|byte| *byte == mark).count();
    let is_fence = length >= 3 && (mark == b'~' || !text[length..].contains('`'));
    is_fence.then_some((mark, length))
}

/// Whether a line begins with the marks of a fence, behind those of quotes and list items.
pub(super) fn is_fence(line: &str) -> bool {
    let text = &line[prefix(line)..];
    text.starts_with("```") || text.starts_with("~~~")
}

/// How long the marks of quotes and list items are that begin a line.
pub(super) fn prefix(line: &str) -> usize {
    let bytes = line.as_bytes();
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'>') => at += 1,
            Some(b'-' | b'*' | b'+') if matches!(bytes.get(at + 1), Some(b' ' | b'\t')) => at += 2,
            Some(b'0'..=b'9') => {
                let digits = bytes[at..]
                    .iter()
                    .take_while(|it| it.is_ascii_digit())
                    .count();
                let is_item = matches!(bytes.get(at + digits), Some(b'.' | b')'))
                    && matches!(bytes.get(at + digits + 1), Some(b' ' | b'\t'));
                if !is_item {
                    return at;
                }
                at += digits + 2;
            }
            _ => return at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(page: &str) -> String {
        let mut fencing = Fencing::default();
        let lines = page.lines().map(|line| match fencing.follow(line) {
            true => '#',
            false => '.',
        });
        lines.collect()
    }

    #[test]
    fn code_is_what_fences_hold() {
        for (page, lines) in [
            ("a\n```\nb\n```\nc", ".###."),
            ("~~~~\n```\n~~~\n~~~~~\nc", "####."),
            ("> ```\n> a\n> ```\n> b", "###."),
            ("> ```\n> a\nb", "##."),
            ("- ```\n  a\n  ```\n- b", "###."),
            ("- ```\n  a\nb", "##."),
            ("1. a\n\n   ```\n   b\n   ```\nc", "..###."),
            ("``` a ` b\nc", ".."),
            ("````\n- ```\n````\na", "###."),
        ] {
            assert_eq!(code(page), lines, "{page}");
        }
    }
}
