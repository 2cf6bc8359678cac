//! The handles that a client gives, one for each kind of thing.

/// Declares a handle and the method of the client that gives it.
///
/// A handle owns a clone of the client, so that its futures can move to another task.
macro_rules! handle {
    ($(#[$attribute:meta])* pub struct $Handle:ident; $(#[$doc:meta])* $accessor:ident) => {
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        #[must_use]
        pub struct $Handle {
            pub(super) client: $crate::client::Client,
        }

        impl $crate::client::Client {
            $(#[$doc])*
            pub fn $accessor(&self) -> $Handle {
                $Handle {
                    client: self.clone(),
                }
            }
        }
    };
}
pub(crate) use handle;
