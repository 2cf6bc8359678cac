//! Whether a signal has come. From then on no further request leaves, so that what is decided about the requests
//! stays true until the process ends.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

static HAS_COME: AtomicBool = AtomicBool::new(false);

/// A signal has come.
pub(super) fn begin() {
    HAS_COME.store(true, Ordering::SeqCst);
}

/// Whether a signal has come.
pub(super) fn has_begun() -> bool {
    HAS_COME.load(Ordering::SeqCst)
}

/// Waits for the end of the process.
pub(super) fn wait_for_the_end() -> ! {
    loop {
        thread::park();
    }
}
