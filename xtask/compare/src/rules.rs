//! How bad each kind of change is for those who call the API: one table.
//!
//! Ids, meaning and levels are those of [oasdiff] 1.32: its error is `breaking`, its warning `warn`,
//! its info `info`. oasdiff does not have the rows made by `ours`. Levels differ where a caller sees
//! a change differently from a provider:
//!
//! - Removing an operation or a request property is `breaking`, even after deprecation.
//! - A different server address is `breaking`; a first one is `warn`.
//! - An enumeration, a constant or a format that appears in a response is `warn`: what is decoded
//!   leniently today may be decoded strictly tomorrow.
//! - A response that may now be one of several things is `breaking`, also if its former schema is
//!   one of them.
//! - A request that may now be one of several things, of which its former schema is one, is `info`.
//! - A name that a discriminator no longer maps is `breaking` in a request, one that it maps anew is
//!   `warn` in a response, and one that it maps to something else is `breaking` in both. A
//!   discriminator that looks at another property is `warn`.
//! - A schema put into `allOf` or `anyOf`, or taken out of it, that changes nothing is `info`. In
//!   `oneOf` one that overlaps with another is `breaking`: what fits both is refused.
//! - A property that becomes required without being described is `breaking` in a request.
//! - A response `default` is `breaking` to remove where it was the one that described a success.
//! - Credentials that become required are `breaking`, those that become optional `info`.
//! - Descriptions are `doc`.
//!
//! A property inside a parameter has the id of a request property, with `request-parameter-property`
//! in it, or `request-header-property`. Types as alternatives (`oneOf` and `anyOf` of nothing but
//! types) are `list-of-types`; a list of types in `type` is a type like any other.
//!
//! A scope without a row of its own uses the row of [`Scope::wider`].
//!
//! [oasdiff]: https://github.com/oasdiff/oasdiff

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{self, Write};
use std::sync::{LazyLock, OnceLock};

use serde_json::Value;

use crate::finding::Bound::*;
use crate::finding::Composition::*;
use crate::finding::Kind::*;
use crate::finding::Level::*;
use crate::finding::Scope::*;
use crate::finding::Shift::*;
use crate::finding::Step::*;
use crate::finding::{self, Direction, Finding, Kind, Level, Scope};

/// How a kind of change is judged in a scope.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The name in reports.
    pub id: Cow<'static, str>,
    /// How bad it is.
    pub level: Level,
    /// The change.
    pub kind: Kind,
    /// What changed.
    pub scope: Scope,
    /// Whether oasdiff has no rule for it.
    pub is_ours: bool,
}

/// A rule of oasdiff.
const fn row(id: &'static str, level: Level, kind: Kind, scope: Scope) -> Rule {
    Rule {
        id: Cow::Borrowed(id),
        level,
        kind,
        scope,
        is_ours: false,
    }
}

/// A rule in the style of oasdiff's.
const fn ours(id: &'static str, level: Level, kind: Kind, scope: Scope) -> Rule {
    Rule {
        id: Cow::Borrowed(id),
        level,
        kind,
        scope,
        is_ours: true,
    }
}

/// Rules of oasdiff that have no row, and why.
pub const LEFT_OUT: &[(&str, &str)] = &[
    (
        "*-too-small, *-sunset-missing",
        "needs a deprecation policy; a sunset that moves is reported by its direction",
    ),
    (
        "*-stability-*, *-x-extensible-enum-*",
        "conventions of single providers; a change of the extension is `unhandled`",
    ),
    (
        "api-version-not-bumped and its like",
        "about the number of a release, not about what changed",
    ),
    (
        "api-schema-removed",
        "a component is judged where it is used",
    ),
    (
        "*-if-added, *-contains-added and their like",
        "reported as narrowed, widened or changed, with the keyword's name",
    ),
    ("*-item-schema-*", "OpenAPI 3.2"),
    (
        "response-media-type-parameter-*",
        "told as a changed name of the media type, whichever of its parameters differ",
    ),
    (
        "response-header-type-compatible",
        "a header that was any text and is a number now is told as a changed type, whichever way it turns",
    ),
];

/// Kinds of change that have no opposite, or that only requests or only responses have, and why.
pub const ONE_SIDED: &[(Kind, &str)] = &[
    (
        EndpointRemovedAfterDeprecation,
        "something new was not deprecated before",
    ),
    (
        PathRemovedAfterDeprecation,
        "something new was not deprecated before",
    ),
    (
        RemovedWithInvalidSunset,
        "something new was not deprecated before",
    ),
    (
        EndpointRemovedBeforeSunset,
        "something new was not deprecated before",
    ),
    (
        PathRemovedBeforeSunset,
        "something new was not deprecated before",
    ),
    (
        ParameterRemovedBeforeSunset,
        "something new was not deprecated before",
    ),
    (PathRemoved, "an added path is reported by its operations"),
    (
        ParameterRemovedAfterDeprecation,
        "something new was not deprecated before",
    ),
    (SunsetInvalid, "a valid date is reported as set or moved"),
    (
        RequiredPropertyWithDefaultAdded,
        "the default of a removed property does not matter",
    ),
    (
        BecameRequiredWithDefault,
        "the default of an optional property does not matter",
    ),
    (
        PathParameterAdded,
        "without it the path is a different one; a response has no path",
    ),
    (
        ParameterAddedRequired,
        "a response has headers, which are reported as required only when they are removed",
    ),
    (
        ParameterAddedOptional,
        "a response has headers, which are reported as required only when they are removed",
    ),
    (
        SharedParameterAddedRequired,
        "it is removed like any other parameter; a response has headers",
    ),
    (
        SharedParameterAddedOptional,
        "it is removed like any other parameter; a response has headers",
    ),
    (
        ParameterRemoved,
        "a response has headers, which are reported as required only when they are removed",
    ),
    (
        ParameterBecameRequired,
        "the mirror is a header that becomes required",
    ),
    (
        ParameterBecameOptional,
        "the mirror is a header that becomes optional",
    ),
    (HeaderAdded, "the mirror is a parameter that is added"),
    (
        RequiredHeaderRemoved,
        "the mirror is a parameter that is removed",
    ),
    (
        OptionalHeaderRemoved,
        "the mirror is a parameter that is removed",
    ),
    (
        HeaderBecameRequired,
        "the mirror is a parameter that becomes required",
    ),
    (
        HeaderBecameOptional,
        "the mirror is a parameter that becomes optional",
    ),
    (
        TypeChangedToText,
        "the properties of a parameter do not say how they are written; a response has headers",
    ),
    (
        BodyAddedRequired,
        "an added or removed response is reported by its status",
    ),
    (
        BodyAddedOptional,
        "an added or removed response is reported by its status",
    ),
    (
        BodyRemoved,
        "an added or removed response is reported by its status",
    ),
    (BodyBecameRequired, "a response is never optional"),
    (BodyBecameOptional, "a response is never optional"),
    (SuccessStatusAdded, "a request has no status"),
    (SuccessStatusRemoved, "a request has no status"),
    (OtherStatusAdded, "a request has no status"),
    (OtherStatusRemoved, "a request has no status"),
];

/// The opposite change, if there is a kind for it. A kind that only says that something changed is
/// its own opposite.
pub fn opposite(kind: Kind) -> Option<Kind> {
    const PAIRS: &[(Kind, Kind)] = &[
        (ServerSet, ServerUnset),
        (ServerAdded, ServerRemoved),
        (SecurityAdded, SecurityRemoved),
        (SecurityScopeAdded, SecurityScopeRemoved),
        (SecurityBecameRequired, SecurityBecameOptional),
        (SecuritySchemeAdded, SecuritySchemeRemoved),
        (OauthScopeAdded, OauthScopeRemoved),
        (WebhookAdded, WebhookRemoved),
        (CallbackAdded, CallbackRemoved),
        (ModelAdded, ModelRemoved),
        (MediaTypeGeneralized, MediaTypeSpecialized),
        (LinkAdded, LinkRemoved),
        (FormatGeneralized, FormatSpecialized),
        (AdditionalPropertiesBecameAny, AdditionalPropertiesNarrowed),
        (EndpointAdded, EndpointRemoved),
        (OperationIdAdded, OperationIdRemoved),
        (TagAdded, TagRemoved),
        (Deprecated, Reactivated),
        (DeprecatedWithSunset, Reactivated),
        (SunsetSet, SunsetDeleted),
        (SunsetEarlier, SunsetLater),
        (BodyAddedRequired, BodyRemoved),
        (BodyAddedOptional, BodyRemoved),
        (BodyBecameRequired, BodyBecameOptional),
        (MediaTypeAdded, MediaTypeRemoved),
        (MediaTypeSchemaAdded, MediaTypeSchemaRemoved),
        (SuccessStatusAdded, SuccessStatusRemoved),
        (OtherStatusAdded, OtherStatusRemoved),
        (ParameterAddedRequired, ParameterRemoved),
        (ParameterAddedOptional, ParameterRemoved),
        (ParameterBecameRequired, ParameterBecameOptional),
        (HeaderAdded, OptionalHeaderRemoved),
        (HeaderAdded, RequiredHeaderRemoved),
        (HeaderBecameRequired, HeaderBecameOptional),
        (RequiredPropertyAdded, RequiredPropertyRemoved),
        (OptionalPropertyAdded, OptionalPropertyRemoved),
        (BecameRequired, BecameOptional),
        (RequiredBecameReadOnly, RequiredBecameNotReadOnly),
        (OptionalBecameReadOnly, OptionalBecameNotReadOnly),
        (RequiredBecameWriteOnly, RequiredBecameNotWriteOnly),
        (OptionalBecameWriteOnly, OptionalBecameNotWriteOnly),
        (TypeGeneralized, TypeSpecialized),
        (ListOfTypesWidened, ListOfTypesNarrowed),
        (FormatAdded, FormatRemoved),
        (BecameNullable, BecameNotNullable),
        (BecameEnum, BecameNotEnum),
        (EnumValueAdded, EnumValueRemoved),
        (ConstAdded, ConstRemoved),
        (DefaultAdded, DefaultRemoved),
        (PatternAdded, PatternRemoved),
        (PatternGeneralized, PatternChanged),
        (MultipleOfSet, MultipleOfUnset),
        (MultipleOfGeneralized, MultipleOfSpecialized),
        (UniqueItemsSet, UniqueItemsUnset),
        (MemberAdded(AllOf), MemberRemoved(AllOf)),
        (MemberAdded(AnyOf), MemberRemoved(AnyOf)),
        (MemberAdded(OneOf), MemberRemoved(OneOf)),
        (HarmlessMemberAdded(AllOf), HarmlessMemberRemoved(AllOf)),
        (HarmlessMemberAdded(AnyOf), HarmlessMemberRemoved(AnyOf)),
        (AnnotationMemberAdded, AnnotationMemberRemoved),
        (WrappedInChoice, UnwrappedFromChoice),
        (
            WrappedInChoiceKeepingOriginal,
            UnwrappedFromChoiceKeepingMember,
        ),
        (NotAdded, NotRemoved),
        (ItemsAdded, ItemsRemoved),
        (AdditionalPropertiesNarrowed, AdditionalPropertiesWidened),
        (SchemaBecameFalse, SchemaBecameNotFalse),
        (DiscriminatorAdded, DiscriminatorRemoved),
        (DiscriminatorMappingAdded, DiscriminatorMappingDeleted),
    ];
    const CHANGES: &[Kind] = &[
        InfoChanged,
        VersionChanged,
        TagListChanged,
        ExternalDocsChanged,
        ServerChanged,
        ServerDescriptionChanged,
        SecuritySchemeTypeChanged,
        SecuritySchemeChanged,
        SecuritySchemeDescriptionChanged,
        OauthUrlChanged,
        OauthTokenUrlChanged,
        OauthScopeChanged,
        SummaryChanged,
        ServerVariableDefaultChanged,
        CallbackAddressChanged,
        PathParametersSwapped,
        MediaTypeParametersChanged,
        LinkChanged,
        FormatHintChanged,
        SunsetUnreadable,
        TypeChanged,
        TypeChangedToText,
        TypeCompatible,
        FormatChanged,
        ConstChanged,
        DefaultChanged,
        PatternChanged,
        MultipleOfChanged,
        NotChanged,
        DiscriminatorPropertyNameChanged,
        DiscriminatorMappingChanged,
        DiscriminatorMappingRenamed,
        DescriptionChanged,
        TitleChanged,
        ExampleChanged,
        Unhandled,
    ];
    if CHANGES.contains(&kind) {
        return Some(kind);
    }
    if let Bound(bound, step) = kind {
        let back = match step {
            Set => Unset,
            Unset => Set,
            Increased => Decreased,
            Decreased => Increased,
        };
        return Some(Bound(bound, back));
    }
    let turned = |shift| match shift {
        Narrowed => Widened,
        Widened => Narrowed,
        Changed => Changed,
    };
    match kind {
        Keyword(keyword, shift) => return Some(Keyword(keyword, turned(shift))),
        Encoding(shift) => return Some(Encoding(turned(shift))),
        Serialization(shift) => return Some(Serialization(turned(shift))),
        ServerVariable(shift) => return Some(ServerVariable(turned(shift))),
        _ => {}
    }
    let forth = PAIRS
        .iter()
        .find(|(it, _)| *it == kind)
        .map(|(_, back)| *back);
    forth.or_else(|| {
        PAIRS
            .iter()
            .find(|(_, it)| *it == kind)
            .map(|(forth, _)| *forth)
    })
}

/// A finding of this kind in this scope, with the id and the level of its rule. Where it is and
/// what changed is up to the caller.
pub fn finding(kind: Kind, scope: Scope) -> Finding {
    let rule = rule(kind, scope);
    let kind = match kind {
        FurtherPlaces(..) => kind,
        _ => rule.kind,
    };
    let direction = scope.direction();
    Finding {
        kind,
        direction,
        ..rule.finding()
    }
}

impl Rule {
    /// A finding of this rule. Where it is and what changed is up to the caller.
    pub fn finding(&self) -> Finding {
        Finding {
            kind: self.kind,
            scope: self.scope,
            id: self.id.clone().into_owned(),
            level: self.level,
            operation: None,
            operation_id: None,
            direction: self.scope.direction(),
            path: None,
            pointer: String::new(),
            before: None,
            after: None,
            message: String::new(),
            fingerprint: String::new(),
            implemented_by: None,
        }
    }
}

/// The id of a rule of request properties for a property that is inside a parameter.
pub(super) fn id_in_parameter(kind: Kind, id: &str, location: &str) -> String {
    // Of a header, oasdiff names only that a property is required or has a list of values.
    let is_of_all = kind.is_about_a_type()
        || kind.is_about_a_format()
        || matches!(
            kind,
            EnumValueAdded | EnumValueRemoved | BecameNullable | BecameNotNullable
        );
    let noun = match location {
        "header" if !is_of_all => "request-header-property",
        _ => "request-parameter-property",
    };
    // oasdiff calls it a change where it cannot tell, and else says which way it goes.
    let id = match id {
        "request-property-type-changed" => "request-property-type-specialized",
        other => other,
    };
    id.replace("request-property", noun)
}

/// The rule for a kind of change in a scope.
pub fn rule(kind: Kind, scope: Scope) -> &'static Rule {
    if let FurtherPlaces(worst, _) = kind {
        let further = FURTHER.iter().find(|rule| rule.level == worst);
        return further.unwrap_or(&UNFORESEEN);
    }
    let mut next = Some(scope);
    while let Some(scope) = next {
        if let Some(rule) = index().get(&(kind, scope)) {
            return rule;
        }
        next = scope.wider();
    }
    &UNFORESEEN
}

/// The rule of a change that has no row: such a change is reported too.
static UNFORESEEN: Rule = ours("unhandled", Warn, Unhandled, Api);

/// The rules of changes that are not listed one by one. The level is that of the worst of them.
static FURTHER: [Rule; 5] = [
    further(Doc),
    further(Info),
    further(Warn),
    further(Review),
    further(Breaking),
];

const fn further(level: Level) -> Rule {
    ours("further-places", level, FurtherPlaces(level, 0), Api)
}

fn index() -> &'static HashMap<(Kind, Scope), &'static Rule> {
    static INDEX: OnceLock<HashMap<(Kind, Scope), &'static Rule>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let all = RULES.iter();
        all.map(|rule| ((rule.kind, rule.scope), rule)).collect()
    })
}

/// The change in one sentence.
pub fn message(
    kind: Kind,
    scope: Scope,
    path: Option<&str>,
    before: &Option<Value>,
    after: &Option<Value>,
    pointer: &str,
) -> String {
    let what = subject(scope, path);
    let keyword = pointer
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .replace("~1", "/");
    let words = sentence(kind)
        .replace("{pointer}", pointer)
        .replace("{keyword}", &keyword)
        .replace("{what}", &what)
        .replace("{before}", &shown(before))
        .replace("{after}", &shown(after));
    words.trim_end().to_owned()
}

fn subject(scope: Scope, path: Option<&str>) -> String {
    let noun = match scope {
        Api => "the API",
        Operation => "the operation",
        RequestBody => "the request body",
        RequestProperty => "the request property",
        RequestReadOnlyProperty => "the read-only request property",
        RequestParameter => "the request parameter",
        Response => "the response",
        ResponseBody => "the response body",
        ResponseProperty => "the response property",
        ResponseWriteOnlyProperty => "the write-only response property",
        ResponseHeader => "the response header",
    };
    match path {
        None => noun.to_owned(),
        Some(path) => format!("{noun} `{path}`"),
    }
}

/// How many characters of a value a sentence has.
const LONGEST: usize = 60;

/// A value in a sentence. Long values are cut; `before` and `after` have the whole.
fn shown(value: &Option<Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::Object(_)) => "a schema or object".to_owned(),
        Some(value) => {
            let mut beginning = Beginning(String::new());
            // It fails where it is long enough.
            let _ = write!(beginning, "{value}");
            let Beginning(mut text) = beginning;
            if let Some((end, _)) = text.char_indices().nth(LONGEST) {
                text.truncate(end);
                text.push('…');
            }
            text
        }
    }
}

/// Takes a text until it has more characters than are shown.
struct Beginning(String);

impl fmt::Write for Beginning {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let left = (LONGEST + 1).saturating_sub(self.0.chars().count());
        self.0.extend(text.chars().take(left));
        match left {
            0 => Err(fmt::Error),
            _ => Ok(()),
        }
    }
}

/// The sentence for a kind of change.
fn sentence(kind: Kind) -> String {
    let words = match kind {
        InfoChanged => "the description of the API changed: {keyword}",
        VersionChanged => "the version of the API changed from {before} to {after}",
        TagListChanged => "the list of tags changed",
        ExternalDocsChanged => "the link to further documentation of {what} changed",
        ServerSet => "{what} now has a server address: {after}",
        ServerUnset => "{what} no longer has a server address; it was {before}",
        ServerAdded => "{what} has an additional server address: {after}",
        ServerRemoved => "{what} no longer has the server address {before}",
        ServerChanged => "the server address of {what} changed from {before} to {after}",
        ServerDescriptionChanged => "the description of a server of {what} changed",
        ServerVariableDefaultChanged => {
            "the default of a variable of a server address of {what} changed from {before} to {after}"
        }
        ServerVariable(Narrowed) => "a variable of a server address of {what} allows fewer values",
        ServerVariable(_) => "a variable of a server address of {what} allows more values",
        SecurityAdded => "{what} accepts an additional kind of credentials: {after}",
        SecurityRemoved => "{what} no longer accepts these credentials: {before}",
        SecurityScopeAdded => "{what} requires an additional scope: {after}",
        SecurityScopeRemoved => "{what} no longer requires a scope: {before}",
        SecurityBecameRequired => "{what} now requires credentials",
        SecurityBecameOptional => "{what} can now be called without credentials",
        SecuritySchemeAdded => "a security scheme was added to {what}",
        SecuritySchemeRemoved => "a security scheme was removed from {what}",
        SecuritySchemeTypeChanged => {
            "the type of a security scheme of {what} changed from {before} to {after}"
        }
        SecuritySchemeChanged => {
            "{keyword} of a security scheme of {what} changed from {before} to {after}"
        }
        SecuritySchemeDescriptionChanged => {
            "the description of a security scheme of {what} changed"
        }
        OauthUrlChanged => "the authorization URL of {what} changed from {before} to {after}",
        OauthTokenUrlChanged => "the token URL of {what} changed from {before} to {after}",
        OauthScopeAdded => "a scope was added to {what}: {after}",
        OauthScopeRemoved => "a scope was removed from {what}: {before}",
        OauthScopeChanged => {
            "the description of a scope of {what} changed from {before} to {after}"
        }
        WebhookAdded => "a webhook was added",
        WebhookRemoved => "a webhook was removed",
        ModelAdded => "a model was added",
        ModelRemoved => "a model was removed",
        CallbackAdded => "a callback was added: {after}",
        CallbackRemoved => "a callback was removed: {before}",
        CallbackAddressChanged => "the address of a callback changed from {before} to {after}",
        PathParametersSwapped => {
            "parameters of the path stand at each other's places: from {before} to {after}"
        }
        EndpointAdded => "the operation was added",
        EndpointRemoved => "the operation was removed without having been deprecated",
        EndpointRemovedBeforeSunset => "the operation was removed before its sunset date {before}",
        PathRemovedBeforeSunset => {
            "the operation was removed with its path before its sunset date {before}"
        }
        ParameterRemovedBeforeSunset => "{what} was removed before its sunset date {before}",
        EndpointRemovedAfterDeprecation => "the operation was removed; it had been deprecated",
        PathRemoved => "the operation was removed with its path, without having been deprecated",
        PathRemovedAfterDeprecation => {
            "the operation was removed with its path; it had been deprecated"
        }
        RemovedWithInvalidSunset => {
            "{what} was removed; the sunset date that it had is not a valid date: {before}"
        }
        OperationIdAdded => "the operation now has the id {after}",
        OperationIdRemoved => "the operation no longer has the id {before}",
        TagAdded => "the operation now has the tag {after}",
        TagRemoved => "the operation no longer has the tag {before}",
        SummaryChanged => "the summary of {what} changed",
        Deprecated => "{what} is now deprecated",
        DeprecatedWithSunset => "{what} is now deprecated, and its sunset date is announced",
        Reactivated => "{what} is no longer deprecated",
        SunsetInvalid => "the sunset date of {what} is not a valid date: {after}",
        SunsetUnreadable => {
            "the sunset date of {what} changed from {before} to {after}, and one of them is not a valid date"
        }
        SunsetSet => "the sunset date of {what} is {after}",
        SunsetDeleted => "the sunset date of {what} was removed; it was {before}",
        SunsetEarlier => "the sunset date of {what} moved from {before} to the earlier {after}",
        SunsetLater => "the sunset date of {what} moved from {before} to the later {after}",
        BodyAddedRequired => "a request body is now required",
        BodyAddedOptional => "an optional request body was added",
        BodyRemoved => "the request body was removed",
        BodyBecameRequired => "the request body became required",
        BodyBecameOptional => "the request body became optional",
        MediaTypeAdded => "{what} has an additional media type: {after}",
        MediaTypeRemoved => "{what} no longer has the media type {before}",
        MediaTypeParametersChanged => {
            "the parameters of a media type of {what} changed from {before} to {after}"
        }
        MediaTypeGeneralized => "a media type of {what} became wider: from {before} to {after}",
        MediaTypeSpecialized => "a media type of {what} became narrower: from {before} to {after}",
        LinkAdded => "{what} has an additional link: {after}",
        LinkRemoved => "{what} no longer has the link {before}",
        LinkChanged => "a link of {what} leads elsewhere",
        Encoding(_) => "{what} is written in another way in a form: from {before} to {after}",
        Serialization(_) => "{what} is written in another way: from {before} to {after}",
        MediaTypeSchemaAdded => "{what} now has a schema",
        MediaTypeSchemaRemoved => "{what} no longer has a schema",
        SuccessStatusAdded => "the success response {after} was added",
        SuccessStatusRemoved => "the response {before} was removed",
        OtherStatusAdded => "the response {after} was added",
        OtherStatusRemoved => "the response {before} was removed",
        ParameterAddedRequired | SharedParameterAddedRequired | PathParameterAdded => {
            "{what} was added and is required"
        }
        ParameterAddedOptional | SharedParameterAddedOptional => "{what} was added and is optional",
        ParameterRemoved => "{what} was removed",
        ParameterRemovedAfterDeprecation => "{what} was removed; it had been deprecated",
        ParameterBecameRequired | HeaderBecameRequired | BecameRequired => "{what} became required",
        ParameterBecameOptional | HeaderBecameOptional | BecameOptional => "{what} became optional",
        BecameRequiredWithDefault => "{what}, which has a default, became required",
        HeaderAdded => "{what} was added",
        RequiredHeaderRemoved | RequiredPropertyRemoved => {
            "{what}, which was required, was removed"
        }
        OptionalHeaderRemoved | OptionalPropertyRemoved => {
            "{what}, which was optional, was removed"
        }
        RequiredPropertyAdded => "{what} was added and is required",
        RequiredPropertyWithDefaultAdded => "{what} was added and is required, with a default",
        OptionalPropertyAdded => "{what} was added and is optional",
        RequiredBecameReadOnly | OptionalBecameReadOnly => "{what} became read-only",
        RequiredBecameNotReadOnly | OptionalBecameNotReadOnly => "{what} is no longer read-only",
        RequiredBecameWriteOnly | OptionalBecameWriteOnly => "{what} became write-only",
        RequiredBecameNotWriteOnly | OptionalBecameNotWriteOnly => "{what} is no longer write-only",
        TypeCompatible => {
            "the type of {what} changed from {before} to {after}, which are written alike there"
        }
        TypeChanged | TypeChangedToText => "the type of {what} changed from {before} to {after}",
        TypeGeneralized => "the type of {what} became wider: from {before} to {after}",
        TypeSpecialized => "the type of {what} became narrower: from {before} to {after}",
        ListOfTypesWidened => "{what} allows more types: from {before} to {after}",
        ListOfTypesNarrowed => "{what} allows fewer types: from {before} to {after}",
        FormatAdded => "{what} now has a format: {after}",
        FormatRemoved => "{what} no longer has the format {before}",
        FormatChanged => "the format of {what} changed from {before} to {after}",
        FormatGeneralized => "the format of {what} became wider: from {before} to {after}",
        FormatSpecialized => "the format of {what} became narrower: from {before} to {after}",
        FormatHintChanged => "a hint for the display of {what} changed from {before} to {after}",
        BecameNullable => "{what} may now be null",
        BecameNotNullable => "{what} may no longer be null",
        BecameEnum => "{what} is now limited to these values: {after}",
        BecameNotEnum => "{what} is no longer limited to a list of values; it was {before}",
        EnumValueAdded => "{what} has an additional value: {after}",
        EnumValueRemoved => "{what} no longer has the value {before}",
        ConstAdded => "{what} now always has the value {after}",
        ConstRemoved => "{what} no longer always has the value {before}",
        ConstChanged => "the only value of {what} changed from {before} to {after}",
        DefaultAdded => "{what} now has the default {after}",
        DefaultRemoved => "{what} no longer has the default {before}",
        DefaultChanged => "the default of {what} changed from {before} to {after}",
        PatternAdded => "{what} must now match a pattern: {after}",
        PatternRemoved => "{what} no longer has to match {before}",
        PatternChanged => "the pattern of {what} changed from {before} to {after}",
        PatternGeneralized => {
            "the pattern of {what} now matches everything: from {before} to {after}"
        }
        Bound(bound, step) => {
            let keyword = bound.keyword();
            return match step {
                Set => format!("{keyword} of {{what}} was set to {{after}}"),
                Unset => format!("{keyword} of {{what}} was removed; it was {{before}}"),
                Increased => {
                    format!("{keyword} of {{what}} increased from {{before}} to {{after}}")
                }
                Decreased => {
                    format!("{keyword} of {{what}} decreased from {{before}} to {{after}}")
                }
            };
        }
        MultipleOfSet => "{what} must now be a multiple of {after}",
        MultipleOfUnset => "{what} no longer has to be a multiple of {before}",
        MultipleOfChanged => "{what} must be a multiple of {after} instead of {before}",
        MultipleOfGeneralized => {
            "{what} must be a multiple of {after}, which is less strict; it was {before}"
        }
        MultipleOfSpecialized => {
            "{what} must now be a multiple of {after}, which is stricter; it was {before}"
        }
        UniqueItemsSet => "the items of {what} must now be unique",
        UniqueItemsUnset => "the items of {what} no longer have to be unique",
        MemberAdded(AllOf) => "{what} must satisfy an additional schema of allOf",
        MemberRemoved(AllOf) => "{what} no longer has to satisfy a schema of allOf",
        MemberAdded(composition) => {
            return format!(
                "{{what}} has an additional alternative in {}",
                composition.keyword()
            );
        }
        MemberRemoved(composition) => {
            return format!(
                "{{what}} no longer has an alternative of {}",
                composition.keyword()
            );
        }
        HarmlessMemberAdded(AnyOf) => {
            "anyOf of {what} has one more schema, which allows nothing new"
        }
        HarmlessMemberRemoved(AnyOf) => "anyOf of {what} lost a schema, which allowed nothing else",
        HarmlessMemberAdded(_) => {
            "allOf of {what} has an additional schema, which requires nothing new"
        }
        HarmlessMemberRemoved(_) => {
            "allOf of {what} no longer has a schema, which required nothing"
        }
        AnnotationMemberAdded => "allOf of {what} has an additional member that only describes",
        AnnotationMemberRemoved => "allOf of {what} no longer has a member that only described",
        WrappedInChoice => "{what} became a choice that does not include its former schema",
        WrappedInChoiceKeepingOriginal => "{what} became a choice that includes its former schema",
        UnwrappedFromChoice => {
            "{what} is no longer a choice; its schema was not one of the alternatives"
        }
        UnwrappedFromChoiceKeepingMember => {
            "{what} is no longer a choice; its schema was one of the alternatives"
        }
        NotAdded => "{what} must now not satisfy a schema",
        NotRemoved => "{what} may now satisfy a schema that it could not satisfy before",
        NotChanged => "the schema that {what} must not satisfy changed",
        ItemsAdded => "the items of {what} now have a schema",
        ItemsRemoved => "the items of {what} no longer have a schema",
        AdditionalPropertiesNarrowed => "{what} allows fewer additional properties",
        AdditionalPropertiesWidened => "{what} allows more additional properties",
        AdditionalPropertiesBecameAny => "{what} allows additional properties of any type",
        Keyword(keyword, shift) => {
            let keyword = keyword.as_str();
            return match shift {
                Narrowed => format!("{{what}} allows fewer values: {keyword}"),
                Widened => format!("{{what}} allows more values: {keyword}"),
                Changed => format!("{{what}} allows other values: {keyword} changed"),
            };
        }
        SchemaBecameFalse => "no value is allowed for {what} any longer",
        SchemaBecameNotFalse => "values are now allowed for {what}",
        DiscriminatorAdded => "{what} now has a discriminator",
        DiscriminatorRemoved => "{what} no longer has a discriminator",
        DiscriminatorPropertyNameChanged => {
            "the discriminator of {what} changed from {before} to {after}"
        }
        DiscriminatorMappingAdded => "the discriminator of {what} maps an additional name: {after}",
        DiscriminatorMappingDeleted => {
            "the discriminator of {what} no longer maps a name: {before}"
        }
        DiscriminatorMappingChanged => {
            "the discriminator of {what} maps a name to another schema: from {before} to {after}"
        }
        DiscriminatorMappingRenamed => {
            "the discriminator of {what} maps a name to an equal schema of another name: from {before} to {after}"
        }
        DescriptionChanged => "the description of {what} changed",
        TitleChanged => "the title of {what} changed",
        ExampleChanged => "the example of {what} changed",
        FurtherPlaces(_, count) => {
            return format!(
                "the changes at `{{pointer}}` apply at {count} more places, the first of which is {{what}}; they are not listed"
            );
        }
        // Who finds these has sentences of its own.
        Beside(_) => "{what} changed",
        Unhandled => "`{keyword}` of {what} changed; no rule covers this change",
    };
    words.to_owned()
}

/// All rules of documents.
pub static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let mut rules: Vec<Rule> = WRITTEN.to_vec();
    rules.extend(bounds());
    rules.extend(keywords());
    rules.extend(one_way(&rules));
    rules
});

/// Schemas of these scopes have all keywords.
const OF_SCHEMAS: [(&str, Scope); 6] = [
    ("request-body", RequestBody),
    ("request-property", RequestProperty),
    ("request-parameter", RequestParameter),
    ("response-body", ResponseBody),
    ("response-property", ResponseProperty),
    ("response-header", ResponseHeader),
];

/// The rules of keywords that have none of their own.
fn keywords() -> impl Iterator<Item = Rule> {
    let all = finding::Keyword::ALL.into_iter();
    let all = all.flat_map(|keyword| {
        let shifts = [Narrowed, Widened, Changed].into_iter();
        let shifts = shifts.filter(move |it| keyword.has(*it));
        shifts.map(move |shift| (keyword, shift))
    });
    all.flat_map(|(keyword, shift)| {
        OF_SCHEMAS.map(|(what, scope)| {
            let is_request = scope.direction() == Some(Direction::Request);
            let (word, level) = match shift {
                Narrowed if is_request => ("narrowed", Breaking),
                Narrowed => ("narrowed", Info),
                Widened if is_request => ("widened", Info),
                Widened => ("widened", Breaking),
                Changed => ("changed", Breaking),
            };
            Rule {
                id: Cow::Owned(format!("{what}-{}-{word}", keyword.as_str())),
                level,
                kind: Keyword(keyword, shift),
                scope,
                is_ours: true,
            }
        })
    })
}

/// Changes of something that can't say that it is read-only.
fn is_of_the_whole(kind: Kind) -> bool {
    matches!(
        kind,
        Unhandled | Encoding(_) | SchemaBecameFalse | SchemaBecameNotFalse
    )
}

/// What is never sent, or never returned, breaks nobody.
fn one_way(rules: &[Rule]) -> Vec<Rule> {
    let mut derived = Vec::new();
    for (of, to, (from, name)) in [
        (
            RequestProperty,
            RequestReadOnlyProperty,
            ("request-property", "request-read-only-property"),
        ),
        (
            ResponseProperty,
            ResponseWriteOnlyProperty,
            ("response-property", "response-write-only-property"),
        ),
    ] {
        let has_own = |kind| rules.iter().any(|it| (it.kind, it.scope) == (kind, to));
        let wanted = rules
            .iter()
            .filter(|it| it.scope == of && it.level > Info && !is_of_the_whole(it.kind))
            .filter(|it| !has_own(it.kind));
        derived.extend(wanted.map(|rule| Rule {
            id: Cow::Owned(rule.id.replace(from, name)),
            level: Info,
            scope: to,
            is_ours: true,
            ..rule.clone()
        }));
    }
    derived
}

/// The rules of numeric limits: one for each bound, what happened to it, and what it limits.
fn bounds() -> impl Iterator<Item = Rule> {
    /// oasdiff has rules of read-only properties only for these, where they become narrower.
    const READ_ONLY: [(finding::Bound, finding::Step); 7] = [
        (Maximum, Decreased),
        (ExclusiveMaximum, Decreased),
        (MaxLength, Decreased),
        (MaxItems, Decreased),
        (MaxProperties, Decreased),
        (Minimum, Increased),
        (ExclusiveMinimum, Increased),
    ];
    let all = finding::Bound::ALL
        .into_iter()
        .flat_map(|bound| [Set, Unset, Increased, Decreased].map(|step| (bound, step)));
    let all = all.flat_map(|(bound, step)| {
        OF_SCHEMAS.map(|(what, scope)| {
            // A narrower limit refuses requests; a wider one brings unknown responses.
            let is_request = scope.direction() == Some(Direction::Request);
            let level = match bound.is_narrowed_by(step) == is_request {
                true => Breaking,
                false => Info,
            };
            bound_rule(what, level, bound, step, scope)
        })
    });
    let read_only = READ_ONLY.into_iter().map(|(bound, step)| {
        let what = "request-read-only-property";
        bound_rule(what, Info, bound, step, RequestReadOnlyProperty)
    });
    all.chain(read_only)
}

fn bound_rule(
    what: &str,
    level: Level,
    bound: finding::Bound,
    step: finding::Step,
    scope: Scope,
) -> Rule {
    let limit = match bound {
        Maximum => "max",
        Minimum => "min",
        ExclusiveMaximum => "exclusive-max",
        ExclusiveMinimum => "exclusive-min",
        MaxLength => "max-length",
        MinLength => "min-length",
        MaxItems => "max-items",
        MinItems => "min-items",
        MaxProperties => "max-properties",
        MinProperties => "min-properties",
    };
    let happened = match step {
        Set => "set",
        Unset => "unset",
        Increased => "increased",
        Decreased => "decreased",
    };
    Rule {
        id: Cow::Owned(format!("{what}-{limit}-{happened}")),
        level,
        kind: Bound(bound, step),
        scope,
        is_ours: false,
    }
}

/// The rules that are written out.
#[rustfmt::skip]
static WRITTEN: &[Rule] = &[
    // The document.
    ours("api-version-changed", Doc, VersionChanged, Api),
    ours("api-info-changed", Doc, InfoChanged, Api),
    ours("api-tag-list-changed", Doc, TagListChanged, Api),
    ours("api-external-docs-changed", Doc, ExternalDocsChanged, Api),
    ours("api-server-set", Warn, ServerSet, Api),
    ours("api-server-unset", Breaking, ServerUnset, Api),
    ours("api-server-added", Info, ServerAdded, Api),
    ours("api-server-removed", Breaking, ServerRemoved, Api),
    ours("api-server-changed", Breaking, ServerChanged, Api),
    ours("api-server-description-changed", Doc, ServerDescriptionChanged, Api),
    ours("api-server-variable-default-changed", Breaking, ServerVariableDefaultChanged, Api),
    ours("api-server-variable-narrowed", Breaking, ServerVariable(Narrowed), Api),
    ours("api-server-variable-widened", Info, ServerVariable(Widened), Api),
    row("api-global-security-added", Info, SecurityAdded, Api),
    row("api-global-security-removed", Breaking, SecurityRemoved, Api),
    row("api-global-security-scope-added", Breaking, SecurityScopeAdded, Api),
    row("api-global-security-scope-removed", Info, SecurityScopeRemoved, Api),
    row("api-global-security-added", Breaking, SecurityBecameRequired, Api),
    row("api-global-security-removed", Info, SecurityBecameOptional, Api),
    row("api-security-component-added", Info, SecuritySchemeAdded, Api),
    row("api-security-component-removed", Info, SecuritySchemeRemoved, Api),
    row("api-security-component-type-changed", Info, SecuritySchemeTypeChanged, Api),
    ours("api-security-component-changed", Breaking, SecuritySchemeChanged, Api),
    ours("api-security-component-description-changed", Doc, SecuritySchemeDescriptionChanged, Api),
    row("api-security-component-oauth-url-changed", Info, OauthUrlChanged, Api),
    row("api-security-component-oauth-token-url-changed", Info, OauthTokenUrlChanged, Api),
    row("api-security-component-oauth-scope-added", Info, OauthScopeAdded, Api),
    row("api-security-component-oauth-scope-removed", Info, OauthScopeRemoved, Api),
    row("api-security-component-oauth-scope-changed", Info, OauthScopeChanged, Api),
    // An operation.
    row("endpoint-added", Info, EndpointAdded, Operation),
    row("api-removed-without-deprecation", Breaking, EndpointRemoved, Operation),
    row("api-removed-with-deprecation", Breaking, EndpointRemovedAfterDeprecation, Operation),
    row("api-path-removed-without-deprecation", Breaking, PathRemoved, Operation),
    row("api-removed-before-sunset", Breaking, EndpointRemovedBeforeSunset, Operation),
    row("api-path-removed-before-sunset", Breaking, PathRemovedBeforeSunset, Operation),
    row("api-path-removed-with-deprecation", Breaking, PathRemovedAfterDeprecation, Operation),
    row("api-path-sunset-parse", Breaking, RemovedWithInvalidSunset, Operation),
    row("webhook-added", Info, WebhookAdded, Operation),
    row("webhook-removed", Breaking, WebhookRemoved, Operation),
    ours("model-added", Info, ModelAdded, Api),
    ours("model-removed", Breaking, ModelRemoved, Api),
    ours("callback-added", Info, CallbackAdded, Operation),
    ours("callback-removed", Breaking, CallbackRemoved, Operation),
    ours("callback-address-changed", Breaking, CallbackAddressChanged, Operation),
    ours("path-parameters-swapped", Warn, PathParametersSwapped, Operation),
    row("api-operation-id-added", Info, OperationIdAdded, Operation),
    row("api-operation-id-removed", Info, OperationIdRemoved, Operation),
    row("api-tag-added", Info, TagAdded, Operation),
    row("api-tag-removed", Info, TagRemoved, Operation),
    row("endpoint-deprecated", Info, Deprecated, Operation),
    row("endpoint-deprecated-with-sunset", Info, DeprecatedWithSunset, Operation),
    row("endpoint-reactivated", Info, Reactivated, Operation),
    row("api-deprecated-sunset-parse", Breaking, SunsetInvalid, Operation),
    row("api-path-sunset-parse", Breaking, SunsetUnreadable, Operation),
    ours("sunset-set", Info, SunsetSet, Operation),
    row("sunset-deleted", Breaking, SunsetDeleted, Operation),
    ours("sunset-moved-earlier", Warn, SunsetEarlier, Operation),
    ours("sunset-moved-later", Info, SunsetLater, Operation),
    row("api-security-added", Info, SecurityAdded, Operation),
    row("api-security-removed", Breaking, SecurityRemoved, Operation),
    row("api-security-scope-added", Breaking, SecurityScopeAdded, Operation),
    row("api-security-scope-removed", Info, SecurityScopeRemoved, Operation),
    row("api-security-added", Breaking, SecurityBecameRequired, Operation),
    row("api-security-removed", Info, SecurityBecameOptional, Operation),
    ours("endpoint-server-set", Warn, ServerSet, Operation),
    ours("endpoint-server-unset", Breaking, ServerUnset, Operation),
    ours("endpoint-server-added", Info, ServerAdded, Operation),
    ours("endpoint-server-removed", Breaking, ServerRemoved, Operation),
    ours("endpoint-server-changed", Breaking, ServerChanged, Operation),
    ours("endpoint-server-description-changed", Doc, ServerDescriptionChanged, Operation),
    ours("endpoint-server-variable-default-changed", Breaking, ServerVariableDefaultChanged, Operation),
    ours("endpoint-server-variable-narrowed", Breaking, ServerVariable(Narrowed), Operation),
    ours("endpoint-server-variable-widened", Info, ServerVariable(Widened), Operation),
    ours("endpoint-summary-changed", Doc, SummaryChanged, Operation),
    ours("endpoint-description-changed", Doc, DescriptionChanged, Operation),
    ours("endpoint-external-docs-changed", Doc, ExternalDocsChanged, Operation),
    // Requests.
    row("request-body-added-required", Breaking, BodyAddedRequired, RequestBody),
    row("request-body-added-optional", Info, BodyAddedOptional, RequestBody),
    row("request-body-removed", Breaking, BodyRemoved, RequestBody),
    row("request-body-became-required", Breaking, BodyBecameRequired, RequestBody),
    row("request-body-became-optional", Info, BodyBecameOptional, RequestBody),
    row("request-body-media-type-added", Info, MediaTypeAdded, RequestBody),
    row("request-body-media-type-removed", Breaking, MediaTypeRemoved, RequestBody),
    ours("request-body-media-type-name-generalized", Info, MediaTypeGeneralized, RequestBody),
    ours("request-body-media-type-name-specialized", Breaking, MediaTypeSpecialized, RequestBody),
    ours("request-body-media-type-parameters-changed", Warn, MediaTypeParametersChanged, RequestBody),
    ours("callback-response-success-status-added", Info, SuccessStatusAdded, RequestBody),
    ours("callback-response-success-status-removed", Breaking, SuccessStatusRemoved, RequestBody),
    ours("callback-response-non-success-status-added", Info, OtherStatusAdded, RequestBody),
    ours("callback-response-non-success-status-removed", Info, OtherStatusRemoved, RequestBody),
    row("request-body-media-type-schema-added", Breaking, MediaTypeSchemaAdded, RequestBody),
    row("request-body-media-type-schema-removed", Info, MediaTypeSchemaRemoved, RequestBody),
    row("new-required-request-parameter", Breaking, ParameterAddedRequired, RequestParameter),
    row("new-optional-request-parameter", Info, ParameterAddedOptional, RequestParameter),
    row("new-required-request-default-parameter-to-existing-path", Breaking, SharedParameterAddedRequired, RequestParameter),
    row("new-optional-request-default-parameter-to-existing-path", Info, SharedParameterAddedOptional, RequestParameter),
    ours("request-parameter-serialization-narrowed", Breaking, Serialization(Narrowed), RequestParameter),
    ours("request-parameter-serialization-widened", Info, Serialization(Widened), RequestParameter),
    ours("request-parameter-serialization-changed", Breaking, Serialization(Changed), RequestParameter),
    row("new-request-path-parameter", Breaking, PathParameterAdded, RequestParameter),
    row("request-parameter-removed", Warn, ParameterRemoved, RequestParameter),
    row("request-parameter-removed-before-sunset", Breaking, ParameterRemovedBeforeSunset, RequestParameter),
    row("request-parameter-removed-with-deprecation", Info, ParameterRemovedAfterDeprecation, RequestParameter),
    row("request-parameter-became-required", Breaking, ParameterBecameRequired, RequestParameter),
    row("request-parameter-became-optional", Info, ParameterBecameOptional, RequestParameter),
    ours("request-parameter-media-type-added", Info, MediaTypeAdded, RequestParameter),
    ours("request-parameter-media-type-removed", Breaking, MediaTypeRemoved, RequestParameter),
    ours("request-parameter-media-type-name-generalized", Info, MediaTypeGeneralized, RequestParameter),
    ours("request-parameter-media-type-name-specialized", Breaking, MediaTypeSpecialized, RequestParameter),
    ours("request-parameter-media-type-parameters-changed", Warn, MediaTypeParametersChanged, RequestParameter),
    ours("request-parameter-media-type-schema-added", Breaking, MediaTypeSchemaAdded, RequestParameter),
    ours("request-parameter-media-type-schema-removed", Info, MediaTypeSchemaRemoved, RequestParameter),
    // Responses.
    row("response-success-status-added", Info, SuccessStatusAdded, Response),
    row("response-success-status-removed", Breaking, SuccessStatusRemoved, Response),
    row("response-non-success-status-added", Info, OtherStatusAdded, Response),
    row("response-non-success-status-removed", Info, OtherStatusRemoved, Response),
    row("response-media-type-added", Info, MediaTypeAdded, Response),
    row("response-media-type-removed", Breaking, MediaTypeRemoved, Response),
    row("response-media-type-name-generalized", Breaking, MediaTypeGeneralized, Response),
    row("response-media-type-name-specialized", Info, MediaTypeSpecialized, Response),
    row("response-media-type-name-changed", Warn, MediaTypeParametersChanged, Response),
    ours("response-link-added", Info, LinkAdded, Response),
    ours("response-link-removed", Warn, LinkRemoved, Response),
    ours("response-link-changed", Warn, LinkChanged, Response),
    ours("webhook-body-added", Info, BodyAddedRequired, Response),
    ours("webhook-body-added", Info, BodyAddedOptional, Response),
    ours("webhook-body-removed", Breaking, BodyRemoved, Response),
    ours("webhook-body-became-required", Info, BodyBecameRequired, Response),
    ours("webhook-body-became-optional", Breaking, BodyBecameOptional, Response),
    ours("response-description-changed", Doc, DescriptionChanged, Response),
    row("response-body-media-type-schema-added", Info, MediaTypeSchemaAdded, ResponseBody),
    row("response-body-media-type-schema-removed", Breaking, MediaTypeSchemaRemoved, ResponseBody),
    row("response-header-added", Info, HeaderAdded, ResponseHeader),
    row("required-response-header-removed", Breaking, RequiredHeaderRemoved, ResponseHeader),
    row("optional-response-header-removed", Info, OptionalHeaderRemoved, ResponseHeader),
    ours("response-header-became-required", Info, HeaderBecameRequired, ResponseHeader),
    row("response-header-became-optional", Breaking, HeaderBecameOptional, ResponseHeader),
    ours("response-header-media-type-added", Info, MediaTypeAdded, ResponseHeader),
    ours("response-header-media-type-removed", Breaking, MediaTypeRemoved, ResponseHeader),
    ours("response-header-media-type-name-generalized", Breaking, MediaTypeGeneralized, ResponseHeader),
    ours("response-header-media-type-name-specialized", Info, MediaTypeSpecialized, ResponseHeader),
    ours("response-header-media-type-parameters-changed", Warn, MediaTypeParametersChanged, ResponseHeader),
    ours("response-header-serialization-narrowed", Info, Serialization(Narrowed), ResponseHeader),
    ours("response-header-serialization-widened", Breaking, Serialization(Widened), ResponseHeader),
    ours("response-header-serialization-changed", Breaking, Serialization(Changed), ResponseHeader),
    ours("response-header-media-type-schema-added", Info, MediaTypeSchemaAdded, ResponseHeader),
    ours("response-header-media-type-schema-removed", Breaking, MediaTypeSchemaRemoved, ResponseHeader),
    // Properties of requests.
    row("new-required-request-property", Breaking, RequiredPropertyAdded, RequestProperty),
    row("new-required-request-property-with-default", Breaking, RequiredPropertyWithDefaultAdded, RequestProperty),
    row("new-optional-request-property", Info, OptionalPropertyAdded, RequestProperty),
    row("request-property-removed", Breaking, RequiredPropertyRemoved, RequestProperty),
    row("request-property-removed", Breaking, OptionalPropertyRemoved, RequestProperty),
    row("request-property-became-required", Breaking, BecameRequired, RequestProperty),
    row("request-property-became-required-with-default", Breaking, BecameRequiredWithDefault, RequestProperty),
    row("request-property-became-optional", Info, BecameOptional, RequestProperty),
    ours("new-required-request-read-only-property", Info, RequiredPropertyAdded, RequestReadOnlyProperty),
    ours("new-required-request-read-only-property-with-default", Info, RequiredPropertyWithDefaultAdded, RequestReadOnlyProperty),
    ours("new-optional-request-read-only-property", Info, OptionalPropertyAdded, RequestReadOnlyProperty),
    ours("request-read-only-property-removed", Info, RequiredPropertyRemoved, RequestReadOnlyProperty),
    ours("request-read-only-property-removed", Info, OptionalPropertyRemoved, RequestReadOnlyProperty),
    ours("request-read-only-property-became-required", Info, BecameRequired, RequestReadOnlyProperty),
    ours("request-read-only-property-became-required-with-default", Info, BecameRequiredWithDefault, RequestReadOnlyProperty),
    ours("request-read-only-property-became-optional", Info, BecameOptional, RequestReadOnlyProperty),
    ours("request-read-only-property-enum-value-added", Info, EnumValueAdded, RequestReadOnlyProperty),
    row("request-read-only-property-enum-value-removed", Info, EnumValueRemoved, RequestReadOnlyProperty),
    // Properties of responses.
    row("response-required-property-added", Info, RequiredPropertyAdded, ResponseProperty),
    row("response-required-property-added", Info, RequiredPropertyWithDefaultAdded, ResponseProperty),
    row("response-optional-property-added", Info, OptionalPropertyAdded, ResponseProperty),
    row("response-required-property-removed", Breaking, RequiredPropertyRemoved, ResponseProperty),
    row("response-optional-property-removed", Info, OptionalPropertyRemoved, ResponseProperty),
    row("response-property-became-required", Info, BecameRequired, ResponseProperty),
    row("response-property-became-required", Info, BecameRequiredWithDefault, ResponseProperty),
    row("response-property-became-optional", Breaking, BecameOptional, ResponseProperty),
    row("response-required-write-only-property-added", Info, RequiredPropertyAdded, ResponseWriteOnlyProperty),
    row("response-required-write-only-property-added", Info, RequiredPropertyWithDefaultAdded, ResponseWriteOnlyProperty),
    row("response-optional-write-only-property-added", Info, OptionalPropertyAdded, ResponseWriteOnlyProperty),
    row("response-required-write-only-property-removed", Info, RequiredPropertyRemoved, ResponseWriteOnlyProperty),
    row("response-optional-write-only-property-removed", Info, OptionalPropertyRemoved, ResponseWriteOnlyProperty),
    row("response-write-only-property-became-required", Info, BecameRequired, ResponseWriteOnlyProperty),
    row("response-write-only-property-became-required", Info, BecameRequiredWithDefault, ResponseWriteOnlyProperty),
    row("response-write-only-property-became-optional", Info, BecameOptional, ResponseWriteOnlyProperty),
    row("response-write-only-property-enum-value-added", Info, EnumValueAdded, ResponseWriteOnlyProperty),
    ours("response-write-only-property-enum-value-removed", Info, EnumValueRemoved, ResponseWriteOnlyProperty),
    // Read-only and write-only.
    row("request-required-property-became-read-only", Info, RequiredBecameReadOnly, RequestProperty),
    row("request-required-property-became-write-only", Info, RequiredBecameWriteOnly, RequestProperty),
    row("request-required-property-became-not-read-only", Info, RequiredBecameNotReadOnly, RequestProperty),
    row("request-required-property-became-not-write-only", Info, RequiredBecameNotWriteOnly, RequestProperty),
    row("request-optional-property-became-read-only", Info, OptionalBecameReadOnly, RequestProperty),
    row("request-optional-property-became-write-only", Info, OptionalBecameWriteOnly, RequestProperty),
    row("request-optional-property-became-not-read-only", Info, OptionalBecameNotReadOnly, RequestProperty),
    row("request-optional-property-became-not-write-only", Info, OptionalBecameNotWriteOnly, RequestProperty),
    row("response-required-property-became-read-only", Info, RequiredBecameReadOnly, ResponseProperty),
    row("response-required-property-became-write-only", Info, RequiredBecameWriteOnly, ResponseProperty),
    row("response-required-property-became-not-read-only", Info, RequiredBecameNotReadOnly, ResponseProperty),
    row("response-required-property-became-not-write-only", Info, RequiredBecameNotWriteOnly, ResponseProperty),
    row("response-optional-property-became-read-only", Info, OptionalBecameReadOnly, ResponseProperty),
    row("response-optional-property-became-write-only", Info, OptionalBecameWriteOnly, ResponseProperty),
    row("response-optional-property-became-not-read-only", Info, OptionalBecameNotReadOnly, ResponseProperty),
    row("response-optional-property-became-not-write-only", Info, OptionalBecameNotWriteOnly, ResponseProperty),
    // Deprecation.
    row("request-property-deprecated", Info, Deprecated, RequestProperty),
    row("request-property-deprecated-with-sunset", Info, DeprecatedWithSunset, RequestProperty),
    row("request-property-reactivated", Info, Reactivated, RequestProperty),
    row("request-property-deprecated-sunset-invalid", Breaking, SunsetInvalid, RequestProperty),
    row("request-property-deprecated-sunset-invalid", Breaking, SunsetUnreadable, RequestProperty),
    ours("request-property-sunset-set", Info, SunsetSet, RequestProperty),
    ours("request-property-sunset-deleted", Breaking, SunsetDeleted, RequestProperty),
    ours("request-property-sunset-moved-earlier", Warn, SunsetEarlier, RequestProperty),
    ours("request-property-sunset-moved-later", Info, SunsetLater, RequestProperty),
    row("request-parameter-deprecated", Info, Deprecated, RequestParameter),
    row("request-parameter-deprecated", Info, DeprecatedWithSunset, RequestParameter),
    row("request-parameter-reactivated", Info, Reactivated, RequestParameter),
    row("request-parameter-sunset-parse", Breaking, SunsetInvalid, RequestParameter),
    row("request-parameter-sunset-parse", Breaking, SunsetUnreadable, RequestParameter),
    row("request-parameter-sunset-parse", Breaking, RemovedWithInvalidSunset, RequestParameter),
    ours("request-parameter-sunset-set", Info, SunsetSet, RequestParameter),
    row("request-parameter-sunset-deleted", Breaking, SunsetDeleted, RequestParameter),
    ours("request-parameter-sunset-moved-earlier", Warn, SunsetEarlier, RequestParameter),
    ours("request-parameter-sunset-moved-later", Info, SunsetLater, RequestParameter),
    row("response-property-deprecated", Info, Deprecated, ResponseProperty),
    row("response-property-deprecated-with-sunset", Info, DeprecatedWithSunset, ResponseProperty),
    row("response-property-reactivated", Info, Reactivated, ResponseProperty),
    row("response-property-deprecated-sunset-invalid", Breaking, SunsetInvalid, ResponseProperty),
    row("response-property-deprecated-sunset-invalid", Breaking, SunsetUnreadable, ResponseProperty),
    ours("response-property-sunset-set", Info, SunsetSet, ResponseProperty),
    ours("response-property-sunset-deleted", Breaking, SunsetDeleted, ResponseProperty),
    ours("response-property-sunset-moved-earlier", Warn, SunsetEarlier, ResponseProperty),
    ours("response-property-sunset-moved-later", Info, SunsetLater, ResponseProperty),
    // Type and format. oasdiff names a change of the format like one of the type.
    row("request-body-type-compatible", Info, TypeCompatible, RequestBody),
    row("request-property-type-compatible", Info, TypeCompatible, RequestProperty),
    row("response-body-type-compatible", Info, TypeCompatible, ResponseBody),
    row("response-property-type-compatible", Info, TypeCompatible, ResponseProperty),
    row("request-body-type-changed", Breaking, TypeChanged, RequestBody),
    row("request-property-type-changed", Breaking, TypeChanged, RequestProperty),
    row("request-parameter-property-type-changed", Warn, TypeChangedToText, RequestProperty),
    row("request-parameter-type-changed", Breaking, TypeChanged, RequestParameter),
    row("response-body-type-changed", Breaking, TypeChanged, ResponseBody),
    row("response-property-type-changed", Breaking, TypeChanged, ResponseProperty),
    row("response-header-type-changed", Breaking, TypeChanged, ResponseHeader),
    row("request-body-type-generalized", Info, TypeGeneralized, RequestBody),
    row("request-property-type-generalized", Info, TypeGeneralized, RequestProperty),
    row("request-parameter-type-generalized", Info, TypeGeneralized, RequestParameter),
    row("response-body-type-generalized", Breaking, TypeGeneralized, ResponseBody),
    row("response-property-type-generalized", Breaking, TypeGeneralized, ResponseProperty),
    row("response-header-type-generalized", Breaking, TypeGeneralized, ResponseHeader),
    row("request-body-type-changed", Breaking, TypeSpecialized, RequestBody),
    row("request-property-type-changed", Breaking, TypeSpecialized, RequestProperty),
    row("request-parameter-type-changed", Breaking, TypeSpecialized, RequestParameter),
    row("response-body-type-specialized", Info, TypeSpecialized, ResponseBody),
    row("response-property-type-specialized", Info, TypeSpecialized, ResponseProperty),
    row("response-header-type-specialized", Info, TypeSpecialized, ResponseHeader),
    row("request-body-list-of-types-widened", Info, ListOfTypesWidened, RequestBody),
    row("request-property-list-of-types-widened", Info, ListOfTypesWidened, RequestProperty),
    row("request-parameter-list-of-types-widened", Info, ListOfTypesWidened, RequestParameter),
    row("response-body-list-of-types-widened", Breaking, ListOfTypesWidened, ResponseBody),
    row("response-property-list-of-types-widened", Breaking, ListOfTypesWidened, ResponseProperty),
    ours("response-header-list-of-types-widened", Breaking, ListOfTypesWidened, ResponseHeader),
    row("request-body-list-of-types-narrowed", Breaking, ListOfTypesNarrowed, RequestBody),
    row("request-property-list-of-types-narrowed", Breaking, ListOfTypesNarrowed, RequestProperty),
    row("request-parameter-list-of-types-narrowed", Breaking, ListOfTypesNarrowed, RequestParameter),
    row("response-body-list-of-types-narrowed", Info, ListOfTypesNarrowed, ResponseBody),
    row("response-property-list-of-types-narrowed", Info, ListOfTypesNarrowed, ResponseProperty),
    ours("response-header-list-of-types-narrowed", Info, ListOfTypesNarrowed, ResponseHeader),
    row("request-body-type-changed", Breaking, FormatAdded, RequestBody),
    row("request-property-type-changed", Breaking, FormatAdded, RequestProperty),
    row("request-parameter-type-changed", Breaking, FormatAdded, RequestParameter),
    row("response-body-type-specialized", Warn, FormatAdded, ResponseBody),
    row("response-property-type-specialized", Warn, FormatAdded, ResponseProperty),
    row("response-header-type-specialized", Warn, FormatAdded, ResponseHeader),
    row("request-body-type-generalized", Info, FormatRemoved, RequestBody),
    row("request-property-type-generalized", Info, FormatRemoved, RequestProperty),
    row("request-parameter-type-generalized", Info, FormatRemoved, RequestParameter),
    row("response-body-type-generalized", Breaking, FormatRemoved, ResponseBody),
    row("response-property-type-generalized", Breaking, FormatRemoved, ResponseProperty),
    row("response-header-type-generalized", Breaking, FormatRemoved, ResponseHeader),
    row("request-body-type-changed", Breaking, FormatChanged, RequestBody),
    row("request-property-type-changed", Breaking, FormatChanged, RequestProperty),
    row("request-parameter-type-changed", Breaking, FormatChanged, RequestParameter),
    row("response-body-type-changed", Breaking, FormatChanged, ResponseBody),
    row("response-property-type-changed", Breaking, FormatChanged, ResponseProperty),
    row("response-header-type-changed", Breaking, FormatChanged, ResponseHeader),
    ours("request-property-encoding-narrowed", Breaking, Encoding(Narrowed), RequestProperty),
    ours("request-property-encoding-widened", Info, Encoding(Widened), RequestProperty),
    ours("request-property-encoding-changed", Breaking, Encoding(Changed), RequestProperty),
    ours("response-property-encoding-narrowed", Info, Encoding(Narrowed), ResponseProperty),
    ours("response-property-encoding-widened", Breaking, Encoding(Widened), ResponseProperty),
    ours("response-property-encoding-changed", Breaking, Encoding(Changed), ResponseProperty),
    row("request-body-type-generalized", Info, FormatGeneralized, RequestBody),
    row("request-property-type-generalized", Info, FormatGeneralized, RequestProperty),
    row("request-parameter-type-generalized", Info, FormatGeneralized, RequestParameter),
    row("response-body-type-generalized", Breaking, FormatGeneralized, ResponseBody),
    row("response-property-type-generalized", Breaking, FormatGeneralized, ResponseProperty),
    row("response-header-type-generalized", Breaking, FormatGeneralized, ResponseHeader),
    row("request-body-type-changed", Breaking, FormatSpecialized, RequestBody),
    row("request-property-type-changed", Breaking, FormatSpecialized, RequestProperty),
    row("request-parameter-type-changed", Breaking, FormatSpecialized, RequestParameter),
    row("response-body-type-specialized", Info, FormatSpecialized, ResponseBody),
    row("response-property-type-specialized", Info, FormatSpecialized, ResponseProperty),
    row("response-header-type-specialized", Info, FormatSpecialized, ResponseHeader),
    ours("request-property-format-hint-changed", Doc, FormatHintChanged, RequestProperty),
    ours("response-property-format-hint-changed", Doc, FormatHintChanged, ResponseProperty),
    row("request-body-became-nullable", Info, BecameNullable, RequestBody),
    row("request-property-became-nullable", Info, BecameNullable, RequestProperty),
    row("request-parameter-became-nullable", Info, BecameNullable, RequestParameter),
    row("response-body-became-nullable", Breaking, BecameNullable, ResponseBody),
    row("response-property-became-nullable", Breaking, BecameNullable, ResponseProperty),
    row("response-header-became-nullable", Breaking, BecameNullable, ResponseHeader),
    row("request-body-became-not-nullable", Breaking, BecameNotNullable, RequestBody),
    row("request-property-became-not-nullable", Breaking, BecameNotNullable, RequestProperty),
    row("request-parameter-became-not-nullable", Breaking, BecameNotNullable, RequestParameter),
    row("response-body-became-not-nullable", Info, BecameNotNullable, ResponseBody),
    row("response-property-became-not-nullable", Info, BecameNotNullable, ResponseProperty),
    row("response-header-became-not-nullable", Info, BecameNotNullable, ResponseHeader),
    // Values.
    row("request-body-became-enum", Breaking, BecameEnum, RequestBody),
    row("request-property-became-enum", Breaking, BecameEnum, RequestProperty),
    row("request-parameter-became-enum", Breaking, BecameEnum, RequestParameter),
    ours("response-body-became-enum", Warn, BecameEnum, ResponseBody),
    ours("response-property-became-enum", Warn, BecameEnum, ResponseProperty),
    ours("response-header-became-enum", Warn, BecameEnum, ResponseHeader),
    row("request-body-became-not-enum", Info, BecameNotEnum, RequestBody),
    row("request-property-became-not-enum", Info, BecameNotEnum, RequestProperty),
    row("request-parameter-became-not-enum", Info, BecameNotEnum, RequestParameter),
    ours("response-body-became-not-enum", Warn, BecameNotEnum, ResponseBody),
    ours("response-property-became-not-enum", Warn, BecameNotEnum, ResponseProperty),
    ours("response-header-became-not-enum", Warn, BecameNotEnum, ResponseHeader),
    row("request-body-enum-value-added", Info, EnumValueAdded, RequestBody),
    row("request-property-enum-value-added", Info, EnumValueAdded, RequestProperty),
    row("request-parameter-enum-value-added", Info, EnumValueAdded, RequestParameter),
    ours("response-body-enum-value-added", Warn, EnumValueAdded, ResponseBody),
    row("response-property-enum-value-added", Warn, EnumValueAdded, ResponseProperty),
    ours("response-header-enum-value-added", Warn, EnumValueAdded, ResponseHeader),
    row("request-body-enum-value-removed", Breaking, EnumValueRemoved, RequestBody),
    row("request-property-enum-value-removed", Breaking, EnumValueRemoved, RequestProperty),
    row("request-parameter-enum-value-removed", Breaking, EnumValueRemoved, RequestParameter),
    row("response-mediatype-enum-value-removed", Info, EnumValueRemoved, ResponseBody),
    row("response-property-enum-value-removed", Info, EnumValueRemoved, ResponseProperty),
    ours("response-header-enum-value-removed", Info, EnumValueRemoved, ResponseHeader),
    row("request-body-const-added", Breaking, ConstAdded, RequestBody),
    row("request-property-const-added", Breaking, ConstAdded, RequestProperty),
    row("response-body-const-added", Warn, ConstAdded, ResponseBody),
    row("response-property-const-added", Warn, ConstAdded, ResponseProperty),
    row("request-body-const-removed", Info, ConstRemoved, RequestBody),
    row("request-property-const-removed", Info, ConstRemoved, RequestProperty),
    row("response-body-const-removed", Breaking, ConstRemoved, ResponseBody),
    row("response-property-const-removed", Breaking, ConstRemoved, ResponseProperty),
    row("request-body-const-changed", Breaking, ConstChanged, RequestBody),
    row("request-property-const-changed", Breaking, ConstChanged, RequestProperty),
    row("response-body-const-changed", Breaking, ConstChanged, ResponseBody),
    row("response-property-const-changed", Breaking, ConstChanged, ResponseProperty),
    row("request-body-default-value-added", Info, DefaultAdded, RequestBody),
    row("request-property-default-value-added", Info, DefaultAdded, RequestProperty),
    row("request-parameter-default-value-added", Info, DefaultAdded, RequestParameter),
    row("response-body-default-value-added", Info, DefaultAdded, ResponseBody),
    row("response-property-default-value-added", Info, DefaultAdded, ResponseProperty),
    ours("response-header-default-value-added", Info, DefaultAdded, ResponseHeader),
    row("request-body-default-value-removed", Info, DefaultRemoved, RequestBody),
    row("request-property-default-value-removed", Info, DefaultRemoved, RequestProperty),
    row("request-parameter-default-value-removed", Info, DefaultRemoved, RequestParameter),
    row("response-body-default-value-removed", Info, DefaultRemoved, ResponseBody),
    row("response-property-default-value-removed", Info, DefaultRemoved, ResponseProperty),
    ours("response-header-default-value-removed", Info, DefaultRemoved, ResponseHeader),
    row("request-body-default-value-changed", Info, DefaultChanged, RequestBody),
    row("request-property-default-value-changed", Info, DefaultChanged, RequestProperty),
    row("request-parameter-default-value-changed", Info, DefaultChanged, RequestParameter),
    row("response-body-default-value-changed", Info, DefaultChanged, ResponseBody),
    row("response-property-default-value-changed", Info, DefaultChanged, ResponseProperty),
    ours("response-header-default-value-changed", Info, DefaultChanged, ResponseHeader),
    ours("request-body-pattern-added", Breaking, PatternAdded, RequestBody),
    row("request-property-pattern-added", Breaking, PatternAdded, RequestProperty),
    row("request-parameter-pattern-added", Breaking, PatternAdded, RequestParameter),
    ours("response-body-pattern-added", Info, PatternAdded, ResponseBody),
    row("response-property-pattern-added", Info, PatternAdded, ResponseProperty),
    ours("response-header-pattern-added", Info, PatternAdded, ResponseHeader),
    ours("request-body-pattern-removed", Info, PatternRemoved, RequestBody),
    row("request-property-pattern-removed", Info, PatternRemoved, RequestProperty),
    row("request-parameter-pattern-removed", Info, PatternRemoved, RequestParameter),
    ours("response-body-pattern-removed", Breaking, PatternRemoved, ResponseBody),
    row("response-property-pattern-removed", Breaking, PatternRemoved, ResponseProperty),
    ours("response-header-pattern-removed", Breaking, PatternRemoved, ResponseHeader),
    ours("request-body-pattern-changed", Warn, PatternChanged, RequestBody),
    row("request-property-pattern-changed", Warn, PatternChanged, RequestProperty),
    row("request-parameter-pattern-changed", Warn, PatternChanged, RequestParameter),
    ours("response-body-pattern-changed", Warn, PatternChanged, ResponseBody),
    row("response-property-pattern-changed", Warn, PatternChanged, ResponseProperty),
    ours("response-header-pattern-changed", Warn, PatternChanged, ResponseHeader),
    ours("request-body-pattern-generalized", Info, PatternGeneralized, RequestBody),
    row("request-property-pattern-generalized", Info, PatternGeneralized, RequestProperty),
    row("request-parameter-pattern-generalized", Info, PatternGeneralized, RequestParameter),
    ours("response-body-pattern-changed", Warn, PatternGeneralized, ResponseBody),
    row("response-property-pattern-changed", Warn, PatternGeneralized, ResponseProperty),
    ours("response-header-pattern-changed", Warn, PatternGeneralized, ResponseHeader),
    // Limits. Those that are numbers are computed, see [`bounds`].
    row("request-body-multiple-of-set", Breaking, MultipleOfSet, RequestBody),
    row("request-property-multiple-of-set", Breaking, MultipleOfSet, RequestProperty),
    row("request-parameter-multiple-of-set", Breaking, MultipleOfSet, RequestParameter),
    row("response-body-multiple-of-set", Info, MultipleOfSet, ResponseBody),
    row("response-property-multiple-of-set", Info, MultipleOfSet, ResponseProperty),
    row("response-header-multiple-of-set", Info, MultipleOfSet, ResponseHeader),
    row("request-body-multiple-of-unset", Info, MultipleOfUnset, RequestBody),
    row("request-property-multiple-of-unset", Info, MultipleOfUnset, RequestProperty),
    row("request-parameter-multiple-of-unset", Info, MultipleOfUnset, RequestParameter),
    row("response-body-multiple-of-unset", Breaking, MultipleOfUnset, ResponseBody),
    row("response-property-multiple-of-unset", Breaking, MultipleOfUnset, ResponseProperty),
    row("response-header-multiple-of-unset", Breaking, MultipleOfUnset, ResponseHeader),
    row("request-body-multiple-of-changed", Breaking, MultipleOfChanged, RequestBody),
    row("request-property-multiple-of-changed", Breaking, MultipleOfChanged, RequestProperty),
    ours("request-parameter-multiple-of-changed", Breaking, MultipleOfChanged, RequestParameter),
    row("response-body-multiple-of-changed", Breaking, MultipleOfChanged, ResponseBody),
    row("response-property-multiple-of-changed", Breaking, MultipleOfChanged, ResponseProperty),
    ours("response-header-multiple-of-changed", Breaking, MultipleOfChanged, ResponseHeader),
    row("request-body-multiple-of-generalized", Info, MultipleOfGeneralized, RequestBody),
    row("request-body-multiple-of-changed", Breaking, MultipleOfSpecialized, RequestBody),
    row("request-property-multiple-of-generalized", Info, MultipleOfGeneralized, RequestProperty),
    row("request-property-multiple-of-changed", Breaking, MultipleOfSpecialized, RequestProperty),
    ours("request-parameter-multiple-of-generalized", Info, MultipleOfGeneralized, RequestParameter),
    ours("request-parameter-multiple-of-changed", Breaking, MultipleOfSpecialized, RequestParameter),
    row("response-body-multiple-of-changed", Breaking, MultipleOfGeneralized, ResponseBody),
    row("response-body-multiple-of-specialized", Info, MultipleOfSpecialized, ResponseBody),
    row("response-property-multiple-of-changed", Breaking, MultipleOfGeneralized, ResponseProperty),
    row("response-property-multiple-of-specialized", Info, MultipleOfSpecialized, ResponseProperty),
    ours("response-header-multiple-of-changed", Breaking, MultipleOfGeneralized, ResponseHeader),
    ours("response-header-multiple-of-specialized", Info, MultipleOfSpecialized, ResponseHeader),
    row("request-body-unique-items-set", Breaking, UniqueItemsSet, RequestBody),
    row("request-property-unique-items-set", Breaking, UniqueItemsSet, RequestProperty),
    ours("response-body-unique-items-set", Info, UniqueItemsSet, ResponseBody),
    ours("response-property-unique-items-set", Info, UniqueItemsSet, ResponseProperty),
    row("request-body-unique-items-unset", Info, UniqueItemsUnset, RequestBody),
    row("request-property-unique-items-unset", Info, UniqueItemsUnset, RequestProperty),
    row("response-body-unique-items-unset", Breaking, UniqueItemsUnset, ResponseBody),
    row("response-property-unique-items-unset", Breaking, UniqueItemsUnset, ResponseProperty),
    // Compositions.
    row("request-body-all-of-added", Breaking, MemberAdded(AllOf), RequestBody),
    row("request-property-all-of-added", Breaking, MemberAdded(AllOf), RequestProperty),
    row("response-body-all-of-added", Info, MemberAdded(AllOf), ResponseBody),
    row("response-property-all-of-added", Info, MemberAdded(AllOf), ResponseProperty),
    row("request-body-any-of-added", Info, HarmlessMemberAdded(AnyOf), RequestBody),
    row("request-body-any-of-removed", Info, HarmlessMemberRemoved(AnyOf), RequestBody),
    row("request-property-any-of-added", Info, HarmlessMemberAdded(AnyOf), RequestProperty),
    row("request-property-any-of-removed", Info, HarmlessMemberRemoved(AnyOf), RequestProperty),
    row("response-body-any-of-added", Info, HarmlessMemberAdded(AnyOf), ResponseBody),
    row("response-body-any-of-removed", Info, HarmlessMemberRemoved(AnyOf), ResponseBody),
    row("response-property-any-of-added", Info, HarmlessMemberAdded(AnyOf), ResponseProperty),
    row("response-property-any-of-removed", Info, HarmlessMemberRemoved(AnyOf), ResponseProperty),
    row("request-body-all-of-added", Info, HarmlessMemberAdded(AllOf), RequestBody),
    row("request-body-all-of-removed", Info, HarmlessMemberRemoved(AllOf), RequestBody),
    row("request-property-all-of-added", Info, HarmlessMemberAdded(AllOf), RequestProperty),
    row("request-property-all-of-removed", Info, HarmlessMemberRemoved(AllOf), RequestProperty),
    row("response-body-all-of-added", Info, HarmlessMemberAdded(AllOf), ResponseBody),
    row("response-body-all-of-removed", Info, HarmlessMemberRemoved(AllOf), ResponseBody),
    row("response-property-all-of-added", Info, HarmlessMemberAdded(AllOf), ResponseProperty),
    row("response-property-all-of-removed", Info, HarmlessMemberRemoved(AllOf), ResponseProperty),
    row("request-body-all-of-removed", Info, MemberRemoved(AllOf), RequestBody),
    row("request-property-all-of-removed", Info, MemberRemoved(AllOf), RequestProperty),
    row("response-body-all-of-removed", Breaking, MemberRemoved(AllOf), ResponseBody),
    row("response-property-all-of-removed", Breaking, MemberRemoved(AllOf), ResponseProperty),
    row("request-body-any-of-added", Info, MemberAdded(AnyOf), RequestBody),
    row("request-property-any-of-added", Info, MemberAdded(AnyOf), RequestProperty),
    row("response-body-any-of-added", Breaking, MemberAdded(AnyOf), ResponseBody),
    row("response-property-any-of-added", Breaking, MemberAdded(AnyOf), ResponseProperty),
    row("request-body-any-of-removed", Breaking, MemberRemoved(AnyOf), RequestBody),
    row("request-property-any-of-removed", Breaking, MemberRemoved(AnyOf), RequestProperty),
    row("response-body-any-of-removed", Info, MemberRemoved(AnyOf), ResponseBody),
    row("response-property-any-of-removed", Info, MemberRemoved(AnyOf), ResponseProperty),
    row("request-body-one-of-added", Info, MemberAdded(OneOf), RequestBody),
    row("request-property-one-of-added", Info, MemberAdded(OneOf), RequestProperty),
    row("response-body-one-of-added", Breaking, MemberAdded(OneOf), ResponseBody),
    row("response-property-one-of-added", Breaking, MemberAdded(OneOf), ResponseProperty),
    row("request-body-one-of-removed", Breaking, MemberRemoved(OneOf), RequestBody),
    row("request-property-one-of-removed", Breaking, MemberRemoved(OneOf), RequestProperty),
    row("response-body-one-of-removed", Info, MemberRemoved(OneOf), ResponseBody),
    row("response-property-one-of-removed", Info, MemberRemoved(OneOf), ResponseProperty),
    row("request-body-all-of-added-annotation-only", Info, AnnotationMemberAdded, RequestBody),
    row("request-property-all-of-added-annotation-only", Info, AnnotationMemberAdded, RequestProperty),
    row("response-body-all-of-added-annotation-only", Info, AnnotationMemberAdded, ResponseBody),
    row("response-property-all-of-added-annotation-only", Info, AnnotationMemberAdded, ResponseProperty),
    row("request-body-all-of-removed-annotation-only", Info, AnnotationMemberRemoved, RequestBody),
    row("request-property-all-of-removed-annotation-only", Info, AnnotationMemberRemoved, RequestProperty),
    row("response-body-all-of-removed-annotation-only", Info, AnnotationMemberRemoved, ResponseBody),
    row("response-property-all-of-removed-annotation-only", Info, AnnotationMemberRemoved, ResponseProperty),
    row("request-body-wrapped-in-one-of", Breaking, WrappedInChoice, RequestBody),
    ours("request-property-wrapped-in-one-of", Breaking, WrappedInChoice, RequestProperty),
    row("response-body-wrapped-in-one-of", Breaking, WrappedInChoice, ResponseBody),
    ours("response-property-wrapped-in-one-of", Breaking, WrappedInChoice, ResponseProperty),
    row("request-body-wrapped-in-one-of-original-preserved", Info, WrappedInChoiceKeepingOriginal, RequestBody),
    ours("request-property-wrapped-in-one-of-original-preserved", Info, WrappedInChoiceKeepingOriginal, RequestProperty),
    row("response-body-wrapped-in-one-of-original-preserved", Breaking, WrappedInChoiceKeepingOriginal, ResponseBody),
    ours("response-property-wrapped-in-one-of-original-preserved", Breaking, WrappedInChoiceKeepingOriginal, ResponseProperty),
    ours("request-body-unwrapped-from-one-of", Breaking, UnwrappedFromChoice, RequestBody),
    ours("request-property-unwrapped-from-one-of", Breaking, UnwrappedFromChoice, RequestProperty),
    ours("response-body-unwrapped-from-one-of", Breaking, UnwrappedFromChoice, ResponseBody),
    ours("response-property-unwrapped-from-one-of", Breaking, UnwrappedFromChoice, ResponseProperty),
    ours("request-body-unwrapped-from-one-of-member-preserved", Breaking, UnwrappedFromChoiceKeepingMember, RequestBody),
    ours("request-property-unwrapped-from-one-of-member-preserved", Breaking, UnwrappedFromChoiceKeepingMember, RequestProperty),
    ours("response-body-unwrapped-from-one-of-member-preserved", Info, UnwrappedFromChoiceKeepingMember, ResponseBody),
    ours("response-property-unwrapped-from-one-of-member-preserved", Info, UnwrappedFromChoiceKeepingMember, ResponseProperty),
    ours("request-body-not-added", Breaking, NotAdded, RequestBody),
    ours("request-property-not-added", Breaking, NotAdded, RequestProperty),
    ours("response-body-not-added", Info, NotAdded, ResponseBody),
    ours("response-property-not-added", Info, NotAdded, ResponseProperty),
    ours("request-body-not-removed", Info, NotRemoved, RequestBody),
    ours("request-property-not-removed", Info, NotRemoved, RequestProperty),
    ours("response-body-not-removed", Breaking, NotRemoved, ResponseBody),
    ours("response-property-not-removed", Breaking, NotRemoved, ResponseProperty),
    ours("request-body-not-changed", Breaking, NotChanged, RequestBody),
    ours("request-property-not-changed", Breaking, NotChanged, RequestProperty),
    ours("response-body-not-changed", Breaking, NotChanged, ResponseBody),
    ours("response-property-not-changed", Breaking, NotChanged, ResponseProperty),
    ours("request-body-items-added", Breaking, ItemsAdded, RequestBody),
    ours("request-property-items-added", Breaking, ItemsAdded, RequestProperty),
    ours("response-body-items-added", Info, ItemsAdded, ResponseBody),
    ours("response-property-items-added", Info, ItemsAdded, ResponseProperty),
    ours("request-body-items-removed", Info, ItemsRemoved, RequestBody),
    ours("request-property-items-removed", Info, ItemsRemoved, RequestProperty),
    ours("response-body-items-removed", Breaking, ItemsRemoved, ResponseBody),
    ours("response-property-items-removed", Breaking, ItemsRemoved, ResponseProperty),
    ours("request-body-additional-properties-narrowed", Breaking, AdditionalPropertiesNarrowed, RequestBody),
    ours("request-property-additional-properties-narrowed", Breaking, AdditionalPropertiesNarrowed, RequestProperty),
    ours("response-body-additional-properties-narrowed", Info, AdditionalPropertiesNarrowed, ResponseBody),
    ours("response-property-additional-properties-narrowed", Info, AdditionalPropertiesNarrowed, ResponseProperty),
    ours("request-body-additional-properties-widened", Info, AdditionalPropertiesWidened, RequestBody),
    ours("request-property-additional-properties-widened", Info, AdditionalPropertiesWidened, RequestProperty),
    ours("response-body-additional-properties-widened", Warn, AdditionalPropertiesWidened, ResponseBody),
    ours("response-property-additional-properties-widened", Warn, AdditionalPropertiesWidened, ResponseProperty),
    ours("request-body-additional-properties-became-any", Info, AdditionalPropertiesBecameAny, RequestBody),
    ours("request-property-additional-properties-became-any", Info, AdditionalPropertiesBecameAny, RequestProperty),
    ours("response-body-additional-properties-became-any", Breaking, AdditionalPropertiesBecameAny, ResponseBody),
    ours("response-property-additional-properties-became-any", Breaking, AdditionalPropertiesBecameAny, ResponseProperty),
    row("request-body-schema-became-false", Breaking, SchemaBecameFalse, RequestBody),
    row("request-property-schema-became-false", Breaking, SchemaBecameFalse, RequestProperty),
    row("request-parameter-schema-became-false", Breaking, SchemaBecameFalse, RequestParameter),
    row("response-body-schema-became-false", Breaking, SchemaBecameFalse, ResponseBody),
    row("response-property-schema-became-false", Breaking, SchemaBecameFalse, ResponseProperty),
    row("response-header-schema-became-false", Breaking, SchemaBecameFalse, ResponseHeader),
    row("request-body-schema-became-not-false", Info, SchemaBecameNotFalse, RequestBody),
    row("request-property-schema-became-not-false", Info, SchemaBecameNotFalse, RequestProperty),
    row("request-parameter-schema-became-not-false", Info, SchemaBecameNotFalse, RequestParameter),
    row("response-body-schema-became-not-false", Breaking, SchemaBecameNotFalse, ResponseBody),
    row("response-property-schema-became-not-false", Breaking, SchemaBecameNotFalse, ResponseProperty),
    row("response-header-schema-became-not-false", Breaking, SchemaBecameNotFalse, ResponseHeader),
    row("request-body-discriminator-added", Info, DiscriminatorAdded, RequestBody),
    row("request-property-discriminator-added", Info, DiscriminatorAdded, RequestProperty),
    row("response-body-discriminator-added", Info, DiscriminatorAdded, ResponseBody),
    row("response-property-discriminator-added", Info, DiscriminatorAdded, ResponseProperty),
    row("request-body-discriminator-removed", Info, DiscriminatorRemoved, RequestBody),
    row("request-property-discriminator-removed", Info, DiscriminatorRemoved, RequestProperty),
    row("response-body-discriminator-removed", Info, DiscriminatorRemoved, ResponseBody),
    row("response-property-discriminator-removed", Info, DiscriminatorRemoved, ResponseProperty),
    row("request-body-discriminator-property-name-changed", Warn, DiscriminatorPropertyNameChanged, RequestBody),
    row("request-property-discriminator-property-name-changed", Warn, DiscriminatorPropertyNameChanged, RequestProperty),
    row("response-body-discriminator-property-name-changed", Warn, DiscriminatorPropertyNameChanged, ResponseBody),
    row("response-property-discriminator-property-name-changed", Warn, DiscriminatorPropertyNameChanged, ResponseProperty),
    row("request-body-discriminator-mapping-added", Info, DiscriminatorMappingAdded, RequestBody),
    row("request-property-discriminator-mapping-added", Info, DiscriminatorMappingAdded, RequestProperty),
    row("response-body-discriminator-mapping-added", Warn, DiscriminatorMappingAdded, ResponseBody),
    row("response-property-discriminator-mapping-added", Warn, DiscriminatorMappingAdded, ResponseProperty),
    row("request-body-discriminator-mapping-deleted", Breaking, DiscriminatorMappingDeleted, RequestBody),
    row("request-property-discriminator-mapping-deleted", Breaking, DiscriminatorMappingDeleted, RequestProperty),
    row("response-body-discriminator-mapping-deleted", Info, DiscriminatorMappingDeleted, ResponseBody),
    row("response-property-discriminator-mapping-deleted", Info, DiscriminatorMappingDeleted, ResponseProperty),
    row("request-body-discriminator-mapping-changed", Breaking, DiscriminatorMappingChanged, RequestBody),
    row("request-property-discriminator-mapping-changed", Breaking, DiscriminatorMappingChanged, RequestProperty),
    row("response-body-discriminator-mapping-changed", Breaking, DiscriminatorMappingChanged, ResponseBody),
    row("response-property-discriminator-mapping-changed", Breaking, DiscriminatorMappingChanged, ResponseProperty),
    ours("request-body-discriminator-mapping-renamed", Info, DiscriminatorMappingRenamed, RequestBody),
    ours("request-property-discriminator-mapping-renamed", Info, DiscriminatorMappingRenamed, RequestProperty),
    ours("response-body-discriminator-mapping-renamed", Info, DiscriminatorMappingRenamed, ResponseBody),
    ours("response-property-discriminator-mapping-renamed", Info, DiscriminatorMappingRenamed, ResponseProperty),
    // Descriptions.
    ours("request-body-description-changed", Doc, DescriptionChanged, RequestBody),
    ours("request-property-description-changed", Doc, DescriptionChanged, RequestProperty),
    ours("request-parameter-description-changed", Doc, DescriptionChanged, RequestParameter),
    ours("response-body-description-changed", Doc, DescriptionChanged, ResponseBody),
    ours("response-property-description-changed", Doc, DescriptionChanged, ResponseProperty),
    ours("response-header-description-changed", Doc, DescriptionChanged, ResponseHeader),
    ours("request-body-title-changed", Doc, TitleChanged, RequestBody),
    ours("request-property-title-changed", Doc, TitleChanged, RequestProperty),
    ours("request-parameter-title-changed", Doc, TitleChanged, RequestParameter),
    ours("response-body-title-changed", Doc, TitleChanged, ResponseBody),
    ours("response-property-title-changed", Doc, TitleChanged, ResponseProperty),
    ours("response-header-title-changed", Doc, TitleChanged, ResponseHeader),
    ours("request-body-example-changed", Doc, ExampleChanged, RequestBody),
    ours("request-property-example-changed", Doc, ExampleChanged, RequestProperty),
    ours("request-parameter-example-changed", Doc, ExampleChanged, RequestParameter),
    ours("response-body-example-changed", Doc, ExampleChanged, ResponseBody),
    ours("response-property-example-changed", Doc, ExampleChanged, ResponseProperty),
    ours("response-header-example-changed", Doc, ExampleChanged, ResponseHeader),
    ours("request-body-external-docs-changed", Doc, ExternalDocsChanged, RequestBody),
    ours("request-property-external-docs-changed", Doc, ExternalDocsChanged, RequestProperty),
    ours("request-parameter-external-docs-changed", Doc, ExternalDocsChanged, RequestParameter),
    ours("response-body-external-docs-changed", Doc, ExternalDocsChanged, ResponseBody),
    ours("response-property-external-docs-changed", Doc, ExternalDocsChanged, ResponseProperty),
    ours("response-header-external-docs-changed", Doc, ExternalDocsChanged, ResponseHeader),
    // Changes without a rule.
    ours("unhandled", Warn, Unhandled, Api),
    ours("unhandled", Warn, Unhandled, Operation),
    ours("unhandled", Warn, Unhandled, RequestProperty),
    ours("unhandled", Warn, Unhandled, Response),
    ours("unhandled", Warn, Unhandled, ResponseProperty),
];
