//! Where the page finds what it does not show.

/// Where all lines are, for a page that does not show them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FullList<'p> {
    /// In no file.
    Nowhere,
    /// In this file: a path relative to the page, with `/` between its folders.
    At(&'p str),
    /// In this file, to which no relative path leads. It is named, without a link.
    Elsewhere(&'p str),
}

impl<'p> From<Option<&'p str>> for FullList<'p> {
    fn from(path: Option<&'p str>) -> Self {
        path.map_or(FullList::Nowhere, FullList::At)
    }
}
