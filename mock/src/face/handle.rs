//! What the pages share.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use axum::Router;
use tokio::sync::Semaphore;

use super::{token::Token, words::Words};
use crate::state::SharedState;

/// How many streams there may be at the same time: each keeps a connection.
const STREAMS: usize = 64;

/// How many acts are kept for the page that follows.
const DONE: usize = 64;

/// What was done, for the page that follows.
#[derive(Clone)]
pub(super) struct Done {
    pub(super) label: fn(&Words) -> &'static str,
    pub(super) command: String,
    /// Whether something in the command is masked.
    pub(super) is_masked: bool,
}

/// An act under its name.
type Named = (Arc<str>, Done);

/// What the pages share.
#[derive(Clone)]
pub(crate) struct Face {
    pub(super) state: SharedState,
    /// The control API, behind its path.
    pub(super) control: Router,
    pub(super) token: Token,
    pub(super) streams: Arc<Semaphore>,
    /// The last acts by their names, the oldest first.
    done: Arc<Mutex<VecDeque<Named>>>,
}

impl Face {
    pub(crate) fn new(state: SharedState, control: Router, token: Token) -> Self {
        Face {
            state,
            control,
            token,
            streams: Arc::new(Semaphore::new(STREAMS)),
            done: Arc::default(),
        }
    }

    pub(crate) fn token(&self) -> &Token {
        &self.token
    }

    /// Keeps what was done, and gives the name under which the next page finds it. Nobody else can guess it.
    pub(super) fn keep(&self, done: Done) -> Arc<str> {
        let name = Token::new().map_or_else(|_| "".into(), |token| token.as_str().into());
        let mut all = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        all.push_back((Arc::clone(&name), done));
        if all.len() > DONE {
            all.pop_front();
        }
        name
    }

    pub(super) fn done(&self, name: &str) -> Option<Done> {
        let all = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all
            .iter()
            .find(|(known, _)| !name.is_empty() && **known == *name);
        found.map(|(_, done)| done.clone())
    }
}
