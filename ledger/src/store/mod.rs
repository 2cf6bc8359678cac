//! All SQL. What another database would need is what these modules offer.

pub(crate) mod bills;
pub(crate) mod columns;
pub(crate) mod events;
pub(crate) mod hints;
pub(crate) mod intents;
pub(crate) mod purge;
pub(crate) mod schema;
pub(crate) mod seen;
