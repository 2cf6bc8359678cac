//! What kind of change a finding tells, and what it is about.

use super::level::{Direction, Level};

/// What a fact is about. The rules judge the same change differently from scope to scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The document as a whole.
    Api,
    /// An operation.
    Operation,
    /// What is sent, as a whole.
    RequestBody,
    /// A property of what is sent, or of a parameter.
    RequestProperty,
    /// A property that only answers carry, where it stands in a request.
    RequestReadOnlyProperty,
    /// A parameter: path, query, header or cookie.
    RequestParameter,
    /// An answer, as told apart by its status.
    Response,
    /// What is answered, as a whole.
    ResponseBody,
    /// A property of what is answered, or of a header.
    ResponseProperty,
    /// A property that only requests carry, where it stands in an answer.
    ResponseWriteOnlyProperty,
    /// A header of an answer.
    ResponseHeader,
}

impl Scope {
    /// Which way the data flows.
    pub fn direction(self) -> Option<Direction> {
        match self {
            Scope::Api | Scope::Operation => None,
            Scope::RequestBody
            | Scope::RequestProperty
            | Scope::RequestReadOnlyProperty
            | Scope::RequestParameter => Some(Direction::Request),
            Scope::Response
            | Scope::ResponseBody
            | Scope::ResponseProperty
            | Scope::ResponseWriteOnlyProperty
            | Scope::ResponseHeader => Some(Direction::Response),
        }
    }

    /// The scope whose rule stands in where there is none of its own.
    pub fn wider(self) -> Option<Scope> {
        match self {
            Scope::RequestBody | Scope::RequestReadOnlyProperty | Scope::RequestParameter => {
                Some(Scope::RequestProperty)
            }
            Scope::ResponseBody | Scope::ResponseWriteOnlyProperty | Scope::ResponseHeader => {
                Some(Scope::ResponseProperty)
            }
            _ => None,
        }
    }
}

/// A limit that is a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Bound {
    Maximum,
    Minimum,
    ExclusiveMaximum,
    ExclusiveMinimum,
    MaxLength,
    MinLength,
    MaxItems,
    MinItems,
    MaxProperties,
    MinProperties,
}

impl Bound {
    /// All of them.
    pub const ALL: [Bound; 10] = [
        Bound::Maximum,
        Bound::Minimum,
        Bound::ExclusiveMaximum,
        Bound::ExclusiveMinimum,
        Bound::MaxLength,
        Bound::MinLength,
        Bound::MaxItems,
        Bound::MinItems,
        Bound::MaxProperties,
        Bound::MinProperties,
    ];

    /// The keyword of JSON Schema.
    pub fn keyword(self) -> &'static str {
        match self {
            Bound::Maximum => "maximum",
            Bound::Minimum => "minimum",
            Bound::ExclusiveMaximum => "exclusiveMaximum",
            Bound::ExclusiveMinimum => "exclusiveMinimum",
            Bound::MaxLength => "maxLength",
            Bound::MinLength => "minLength",
            Bound::MaxItems => "maxItems",
            Bound::MinItems => "minItems",
            Bound::MaxProperties => "maxProperties",
            Bound::MinProperties => "minProperties",
        }
    }

    /// Whether 0 says the same as nothing.
    pub fn is_void_at_zero(self) -> bool {
        matches!(
            self,
            Bound::MinLength | Bound::MinItems | Bound::MinProperties
        )
    }
}

/// What happened to a [`Bound`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Step {
    Set,
    Unset,
    Increased,
    Decreased,
}

/// How schemas are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Composition {
    AllOf,
    AnyOf,
    OneOf,
}

impl Composition {
    /// The keyword of JSON Schema.
    pub fn keyword(self) -> &'static str {
        match self {
            Composition::AllOf => "allOf",
            Composition::AnyOf => "anyOf",
            Composition::OneOf => "oneOf",
        }
    }
}

/// What kind of change it is. The rule table says what each comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Kind {
    // The document.
    InfoChanged,
    VersionChanged,
    TagListChanged,
    ExternalDocsChanged,
    ServerSet,
    ServerUnset,
    ServerAdded,
    ServerRemoved,
    ServerChanged,
    ServerDescriptionChanged,
    SecurityAdded,
    SecurityRemoved,
    SecurityScopeAdded,
    SecurityScopeRemoved,
    SecurityBecameRequired,
    SecurityBecameOptional,
    SecuritySchemeAdded,
    SecuritySchemeRemoved,
    SecuritySchemeTypeChanged,
    SecuritySchemeChanged,
    SecuritySchemeDescriptionChanged,
    OauthUrlChanged,
    OauthTokenUrlChanged,
    OauthScopeAdded,
    OauthScopeRemoved,
    OauthScopeChanged,
    WebhookAdded,
    WebhookRemoved,

    // An operation.
    EndpointAdded,
    EndpointRemoved,
    EndpointRemovedAfterDeprecation,
    PathRemoved,
    PathRemovedAfterDeprecation,
    OperationIdAdded,
    OperationIdRemoved,
    TagAdded,
    TagRemoved,
    SummaryChanged,
    Deprecated,
    DeprecatedWithSunset,
    Reactivated,
    SunsetInvalid,
    SunsetSet,
    SunsetDeleted,
    SunsetEarlier,
    SunsetLater,

    // What is sent and what is answered.
    BodyAddedRequired,
    BodyAddedOptional,
    BodyRemoved,
    BodyBecameRequired,
    BodyBecameOptional,
    MediaTypeAdded,
    MediaTypeRemoved,
    MediaTypeSchemaAdded,
    MediaTypeSchemaRemoved,
    SuccessStatusAdded,
    SuccessStatusRemoved,
    OtherStatusAdded,
    OtherStatusRemoved,
    ParameterAddedRequired,
    ParameterAddedOptional,
    PathParameterAdded,
    ParameterRemoved,
    ParameterRemovedAfterDeprecation,
    ParameterBecameRequired,
    ParameterBecameOptional,
    HeaderAdded,
    RequiredHeaderRemoved,
    OptionalHeaderRemoved,
    HeaderBecameRequired,
    HeaderBecameOptional,

    // A property.
    RequiredPropertyAdded,
    RequiredPropertyWithDefaultAdded,
    OptionalPropertyAdded,
    RequiredPropertyRemoved,
    OptionalPropertyRemoved,
    BecameRequired,
    BecameRequiredWithDefault,
    BecameOptional,
    RequiredBecameReadOnly,
    RequiredBecameNotReadOnly,
    OptionalBecameReadOnly,
    OptionalBecameNotReadOnly,
    RequiredBecameWriteOnly,
    RequiredBecameNotWriteOnly,
    OptionalBecameWriteOnly,
    OptionalBecameNotWriteOnly,

    // A schema.
    TypeChanged,
    TypeGeneralized,
    TypeSpecialized,
    ListOfTypesWidened,
    ListOfTypesNarrowed,
    FormatAdded,
    FormatRemoved,
    FormatChanged,
    BecameNullable,
    BecameNotNullable,
    BecameEnum,
    BecameNotEnum,
    EnumValueAdded,
    EnumValueRemoved,
    ConstAdded,
    ConstRemoved,
    ConstChanged,
    DefaultAdded,
    DefaultRemoved,
    DefaultChanged,
    PatternAdded,
    PatternRemoved,
    PatternChanged,
    PatternGeneralized,
    Bound(Bound, Step),
    MultipleOfSet,
    MultipleOfUnset,
    MultipleOfChanged,
    MultipleOfGeneralized,
    MultipleOfSpecialized,
    UniqueItemsSet,
    UniqueItemsUnset,
    MemberAdded(Composition),
    MemberRemoved(Composition),
    AnnotationMemberAdded,
    AnnotationMemberRemoved,
    WrappedInChoice,
    WrappedInChoiceKeepingOriginal,
    UnwrappedFromChoice,
    UnwrappedFromChoiceKeepingMember,
    NotAdded,
    NotRemoved,
    NotChanged,
    ItemsAdded,
    ItemsRemoved,
    AdditionalPropertiesNarrowed,
    AdditionalPropertiesWidened,
    SchemaBecameFalse,
    SchemaBecameNotFalse,
    DiscriminatorAdded,
    DiscriminatorRemoved,
    DiscriminatorPropertyNameChanged,
    DiscriminatorMappingAdded,
    DiscriminatorMappingDeleted,
    DiscriminatorMappingChanged,
    DescriptionChanged,
    TitleChanged,
    ExampleChanged,

    /// A schema is used at more places than are told: how bad the worst change there is, and how
    /// many ways lead to such places.
    FurtherPlaces(Level, u64),
    /// Something that the walker does not understand differs.
    Unhandled,
}
