//! Why a bill is cancelled.

use super::{
    invalid_value::InvalidValue,
    text::{text_type, without_control},
};
use crate::{operation::Operation, raw::rules};

text_type! {
    /// Why a bill is cancelled (`cancelReason`): at most 20 characters, none of them a control character.
    ///
    /// A character is a Unicode scalar value of the composed form (NFC), in which it is sent. The limit is
    /// published in the specification.
    #[doc(alias = "취소 사유")]
    #[cfg_attr(feature = "schemars", schemars(extend("maxLength" = 20)))]
    pub struct CancelReason: shown, checked by check;
}

fn check(reason: &str) -> Result<Box<str>, InvalidValue> {
    let field = "cancel reason";
    let reason = without_control(field, reason, &[])?;
    let place = ["bill", "cancelReason"];
    rules::check_length(Operation::BillCancel.path(), &place, &reason)
        .map_err(|limit| InvalidValue::new(field, limit))?;
    Ok(reason)
}
