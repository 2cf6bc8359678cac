//! What an operation sends and what comes back: parameters, bodies, responses, headers.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use super::difference::{all, side_by_side};
use super::document::{Document, Object, Read, is_same_data};
use super::fact::{At, Change, Operation, Place};
use super::graph::Root;
use super::inclusion::Inclusion;
use super::lifecycle;
use super::media_type::{MediaType, Relation};
use super::number::Number;
use super::parts::Parts;
use super::schema::Shape;
use super::schema::{Inner, Plain, same_values};
use super::status::Status;
use super::unchanged::is_written_alike;
use super::walk::Walk;
use crate::finding::{Bound, Kind, Scope, Shift};

/// Who calls whom. Where the API calls, its requests are what the caller reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    WeCall,
    TheyCall,
}

impl Role {
    pub fn turned(self) -> Self {
        match self {
            Role::WeCall => Role::TheyCall,
            Role::TheyCall => Role::WeCall,
        }
    }
}

/// Which way something goes, seen from those who use the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Sent,
    Received,
}

impl Way {
    fn body(self) -> Scope {
        match self {
            Way::Sent => Scope::RequestBody,
            Way::Received => Scope::ResponseBody,
        }
    }

    /// The scope of a message as a whole.
    fn whole(self) -> Scope {
        match self {
            Way::Sent => Scope::RequestBody,
            Way::Received => Scope::Response,
        }
    }

    fn property(self) -> Scope {
        match self {
            Way::Sent => Scope::RequestProperty,
            Way::Received => Scope::ResponseProperty,
        }
    }

    fn parameter(self) -> Scope {
        match self {
            Way::Sent => Scope::RequestParameter,
            Way::Received => Scope::ResponseHeader,
        }
    }
}

/// The messages of one operation in both documents.
pub(super) struct Talk<'a, 'o> {
    pub operation: &'o Rc<Operation>,
    pub role: Role,
    pub paths: (&'a str, &'a str),
    pub items: (Object<'a>, Object<'a>),
    pub old: Object<'a>,
    pub new: Object<'a>,
}

impl Talk<'_, '_> {
    fn request(&self) -> Way {
        match self.role {
            Role::WeCall => Way::Sent,
            Role::TheyCall => Way::Received,
        }
    }

    fn response(&self) -> Way {
        match self.role {
            Role::WeCall => Way::Received,
            Role::TheyCall => Way::Sent,
        }
    }

    fn place(&self, scope: Scope, path: Option<&str>, status: Option<&str>) -> Place {
        Place {
            operation: Some(self.operation.clone()),
            scope,
            status: status.map(Rc::from),
            path: path.map(Rc::from),
            within: None,
        }
    }
}

/// Where something with a name stands, and whether it must be there.
struct Presence<'a> {
    place: Place,
    way: Way,
    was: Named<'a>,
    is: Named<'a>,
}

/// Keys of parameters and headers that are compared one by one.
const NAMED_KEYS: &[&str] = &[
    "$ref",
    "name",
    "in",
    "required",
    "deprecated",
    "x-sunset",
    "description",
    "schema",
    "content",
    "example",
    "examples",
    "style",
    "explode",
    "allowReserved",
    "allowEmptyValue",
];

impl<'a> Walk<'a> {
    pub fn talk(&mut self, talk: &Talk<'a, '_>) -> Read<'a, ()> {
        self.parameters(talk)?;
        self.request_body(talk)?;
        self.responses(talk)
    }

    fn parameters(&mut self, talk: &Talk<'a, '_>) -> Read<'a, ()> {
        let old = parameters(self.old, talk.paths.0, talk.items.0, talk.old)?;
        let new = parameters(self.new, talk.paths.1, talk.items.1, talk.new)?;
        let way = talk.request();
        for (key, was) in &old {
            let place = |name| talk.place(way.parameter(), Some(name), None).within(key.0);
            match new.get(key) {
                Some(is) => self.named(Presence {
                    place: place(is.name),
                    way,
                    was: *was,
                    is: *is,
                })?,
                None => self.named_removed(place(was.name), way, *was)?,
            }
        }
        for (key, is) in &new {
            if !old.contains_key(key) {
                let place = talk.place(way.parameter(), Some(is.name), None);
                self.named_added(place.within(key.0), way, *is, key.0, talk)?;
            }
        }
        Ok(())
    }

    fn named_removed(&mut self, place: Place, way: Way, was: Named<'a>) -> Read<'a, ()> {
        let kind = match way {
            Way::Sent => match self.old.flag(was.members, "deprecated")? {
                true => Kind::ParameterRemovedAfterDeprecation,
                false => Kind::ParameterRemoved,
            },
            Way::Received => match self.old.flag(was.members, "required")? {
                true => Kind::RequiredHeaderRemoved,
                false => Kind::OptionalHeaderRemoved,
            },
        };
        let sunset = was.members.get("x-sunset");
        let change = match (kind, sunset) {
            (Kind::ParameterRemovedAfterDeprecation, Some(sunset))
                if !lifecycle::is_date(sunset) =>
            {
                Change::new(Kind::RemovedWithInvalidSunset, At::old(was.value)).before(Some(sunset))
            }
            (Kind::ParameterRemovedAfterDeprecation, Some(sunset))
                if lifecycle::is_ahead(sunset, self.today) =>
            {
                let kind = Kind::ParameterRemovedBeforeSunset;
                Change::new(kind, At::old(was.value)).before(Some(sunset))
            }
            _ => Change::new(kind, At::old(was.value)).before(Some(was.value)),
        };
        self.fact(place, change);
        Ok(())
    }

    fn named_added(
        &mut self,
        place: Place,
        way: Way,
        is: Named<'a>,
        location: &str,
        talk: &Talk<'a, '_>,
    ) -> Read<'a, ()> {
        let is_required = self.new.flag(is.members, "required")?;
        // A parameter of the path that its operations did not name before stands in the template,
        // old or new.
        let is_in_path = location == "path" && talk.role == Role::WeCall;
        let kind = match (way, is_in_path, is_required) {
            (Way::Received, ..) => Kind::HeaderAdded,
            (Way::Sent, true, _) => Kind::PathParameterAdded,
            (Way::Sent, false, true) if is.is_shared => Kind::SharedParameterAddedRequired,
            (Way::Sent, false, false) if is.is_shared => Kind::SharedParameterAddedOptional,
            (Way::Sent, false, true) => Kind::ParameterAddedRequired,
            (Way::Sent, false, false) => Kind::ParameterAddedOptional,
        };
        let change = Change::new(kind, At::new(is.value));
        self.fact(place, change.after(Some(is.value)));
        Ok(())
    }

    /// A parameter or a header that is in both documents.
    fn named(&mut self, presence: Presence<'a>) -> Read<'a, ()> {
        let Presence {
            place,
            way,
            was,
            is,
        } = presence;
        let is_at_the_same_place = was.place == is.place && was.name == is.name;
        if is_at_the_same_place && is_written_alike(was.value, is.value) {
            return Ok(());
        }
        let kinds = match way {
            Way::Sent => [Kind::ParameterBecameRequired, Kind::ParameterBecameOptional],
            Way::Received => [Kind::HeaderBecameRequired, Kind::HeaderBecameOptional],
        };
        let (old, new) = (was.members, is.members);
        self.requiredness(&place, old, new, is.value, kinds)?;
        // Its schema has words and examples too.
        let whole = place.clone().within("whole");
        self.lifecycle(&whole, old, new, is.value)?;
        self.words(
            &whole,
            old,
            new,
            is.value,
            &[("description", Kind::DescriptionChanged)],
        );
        self.examples(&whole, old, new, is.value)?;
        self.serialization(&place, was, is)?;
        let pair = |key| (old.get(key), new.get(key));
        match (pair("schema"), pair("content")) {
            ((Some(old), Some(new)), _) => match self.became_list(was, is, (old, new))? {
                Some(item) => {
                    let change = Change::new(Kind::TypeGeneralized, At::new(new));
                    self.fact(place.clone(), change.before(Some(old)).after(Some(new)));
                    if let Some(item) = item {
                        self.root_of(&place, true, old, item);
                    }
                }
                None => self.root_of(&place, true, old, new),
            },
            ((Some(schema), None), (None, Some(content))) => {
                let content = schema_of(self.new, content)?;
                self.respelled(&place, is.value, Some(schema), content);
            }
            ((None, Some(schema)), (Some(content), None)) => {
                let content = schema_of(self.old, content)?;
                self.respelled(&place, is.value, content, Some(schema));
            }
            ((None, None), _) => self.content(way, &place, &place, old, new)?,
            ((Some(before), None), _) => {
                let change = Change::new(Kind::MediaTypeSchemaRemoved, At::old(before));
                self.fact(place.clone(), change.before(Some(before)));
            }
            ((None, Some(after)), _) => {
                let change = Change::new(Kind::MediaTypeSchemaAdded, At::new(after));
                self.fact(place.clone(), change.after(Some(after)));
            }
        }
        self.rest(&place, old, new, NAMED_KEYS);
        Ok(())
    }

    /// The schema of the items, where a parameter becomes a list whose one item is written like the
    /// value before.
    fn became_list(
        &self,
        was: Named<'a>,
        is: Named<'a>,
        (old, new): (&'a Value, &'a Value),
    ) -> Read<'a, Option<Option<&'a Value>>> {
        let written = (
            Serialization::read(self.old, was)?,
            Serialization::read(self.new, is)?,
        );
        if written.0.is_scalar == written.1.is_scalar {
            return Ok(None);
        }
        let is_repeated = written.1.style == "form" && written.1.explode && written.0.is_scalar;
        let after = Shape::of(self.new, new)?;
        if !is_repeated || was.place != "query" || after.types != ["array"] {
            return Ok(None);
        }
        let before = Shape::of(self.old, old)?;
        let Some(items) = after.inner(Inner::Items) else {
            return Ok(None);
        };
        let item = Shape::read(self.new, items)?;
        let one = Number::of(&Value::from(1));
        let limit = |bound| after.bound(bound).map(|it| &it.number);
        let takes_one_item = limit(Bound::MinItems).is_none_or(|least| Some(least) <= one.as_ref())
            && limit(Bound::MaxItems).is_none_or(|most| Some(most) >= one.as_ref())
            && after.inner(Inner::Contains).is_none();
        if !takes_one_item {
            return Ok(None);
        }
        let fits = Inclusion::new(self.old, self.new, &self.unchanged).holds(&before, &item)?;
        // Whatever was written is text.
        let takes_any_text = item.types == ["string"] && item.is_only_typed();
        Ok(match (fits, takes_any_text) {
            (true, _) => Some(Some(items.home())),
            (false, true) => Some(None),
            (false, false) => None,
        })
    }

    /// A value that is written by `style` becomes one that is written as a media type, or the
    /// other way round.
    fn respelled(
        &mut self,
        place: &Place,
        here: &'a Value,
        before: Option<&'a Value>,
        after: Option<&'a Value>,
    ) {
        let change = Change::new(Kind::Serialization(Shift::Changed), At::new(here));
        self.fact(place.clone(), change);
        if let (Some(old), Some(new)) = (before, after) {
            self.root(place, old, new);
        }
    }

    fn root(&mut self, place: &Place, old: &'a Value, new: &'a Value) {
        self.root_of(place, false, old, new);
    }

    fn root_of(&mut self, place: &Place, is_text: bool, old: &'a Value, new: &'a Value) {
        self.roots.push(Root {
            place: place.clone(),
            is_text,
            old: Parts::of(old),
            new: Parts::of(new),
        });
    }

    /// How a value is written into a URL or a header.
    fn serialization(&mut self, place: &Place, was: Named<'a>, is: Named<'a>) -> Read<'a, ()> {
        let old = Serialization::read(self.old, was)?;
        let new = Serialization::read(self.new, is)?;
        if !old.has_schema || !new.has_schema {
            return Ok(());
        }
        let is_scalar = old.is_scalar && new.is_scalar;
        let differs = [
            ("style", old.style != new.style),
            // Another style often has another default of `explode`.
            (
                "explode",
                old.style == new.style && old.explode != new.explode && !is_scalar,
            ),
        ];
        for (key, _) in differs.into_iter().filter(|(_, it)| *it) {
            let (before, after) = (was.members.get(key), is.members.get(key));
            let at = At::newest(before, after, At::new(is.value));
            let change = Change::new(Kind::Serialization(Shift::Changed), at);
            let change = match key {
                "style" => change.became(old.style, new.style),
                _ => change.became(old.explode, new.explode),
            };
            self.fact(place.clone().within(key), change);
        }
        for key in ["allowReserved", "allowEmptyValue"] {
            let before = self.old.flag(was.members, key)?;
            let after = self.new.flag(is.members, key)?;
            let shift = match (before, after) {
                (false, true) => Shift::Widened,
                (true, false) => Shift::Narrowed,
                _ => continue,
            };
            let at = At::newest(was.members.get(key), is.members.get(key), At::new(is.value));
            let change = Change::new(Kind::Serialization(shift), at).became(before, after);
            self.fact(place.clone().within(key), change);
        }
        Ok(())
    }

    fn requiredness(
        &mut self,
        place: &Place,
        old: Object<'a>,
        new: Object<'a>,
        here: &'a Value,
        [became_required, became_optional]: [Kind; 2],
    ) -> Read<'a, ()> {
        let (was, is) = (
            self.old.flag(old, "required")?,
            self.new.flag(new, "required")?,
        );
        if was != is {
            let kind = if is { became_required } else { became_optional };
            let at = new.get("required").unwrap_or(here);
            self.fact(
                place.clone(),
                Change::new(kind, At::new(at)).became(was, is),
            );
        }
        Ok(())
    }

    fn request_body(&mut self, talk: &Talk<'a, '_>) -> Read<'a, ()> {
        let way = talk.request();
        let whole = talk.place(way.whole(), None, None);
        let (before, after) = match (talk.old.get("requestBody"), talk.new.get("requestBody")) {
            (None, None) => return Ok(()),
            (Some(before), None) => {
                self.fact(whole, Change::new(Kind::BodyRemoved, At::old(before)));
                return Ok(());
            }
            (None, Some(after)) => {
                let body = self.new.resolved_object(after)?;
                let kind = match self.new.flag(body, "required")? {
                    true => Kind::BodyAddedRequired,
                    false => Kind::BodyAddedOptional,
                };
                self.fact(whole, Change::new(kind, At::new(after)));
                return Ok(());
            }
            (Some(before), Some(after)) => (before, after),
        };
        let (old, new) = (
            self.old.resolved_object(before)?,
            self.new.resolved_object(after)?,
        );
        let body = talk.place(way.body(), None, None);
        let kinds = [Kind::BodyBecameRequired, Kind::BodyBecameOptional];
        self.requiredness(&whole, old, new, after, kinds)?;
        self.words(
            &body.clone().within("whole"),
            old,
            new,
            after,
            &[("description", Kind::DescriptionChanged)],
        );
        self.content(way, &whole, &body, old, new)?;
        self.rest(
            &body,
            old,
            new,
            &["$ref", "required", "description", "content"],
        );
        Ok(())
    }

    /// Each response of one document is compared with what describes it in the other: the same
    /// code, else its range, else the default.
    fn responses(&mut self, talk: &Talk<'a, '_>) -> Read<'a, ()> {
        let (old, old_rest) = responses(self.old, talk.old)?;
        let (new, new_rest) = responses(self.new, talk.new)?;
        let place = Place::of_operation(talk.operation.clone());
        for (_, _, before, after) in side_by_side(old_rest, new_rest) {
            let is_same = match (before, after) {
                (Some(was), Some(is)) => is_same_data((self.old, was), (self.new, is)),
                _ => false,
            };
            if !is_same {
                self.unhandled(&place, before, after);
            }
        }
        for (status, (key, before)) in &old {
            if let Some((_, after)) = new.get(status) {
                self.response(talk, key, before, after)?;
                continue;
            }
            if let Some((key, after)) = described(&new, status) {
                self.response(talk, key, before, after)?;
                continue;
            }
            let is_split = new
                .keys()
                .any(|it| status.covers(it) && (it.is_success() || *status != Status::Default));
            let is_only_success = *status == Status::Default && !old.keys().any(Status::is_success);
            let is_success = !is_split && (status.is_success() || is_only_success);
            let change = Change::new(
                match is_success {
                    true => Kind::SuccessStatusRemoved,
                    false => Kind::OtherStatusRemoved,
                },
                At::old(before),
            );
            self.status(talk, key, change.before_made(*key));
        }
        for (status, (key, after)) in &new {
            if old.contains_key(status) {
                continue;
            }
            if let Some((_, before)) = described(&old, status) {
                self.response(talk, key, before, after)?;
            }
            let change = Change::new(
                match status.is_success() {
                    true => Kind::SuccessStatusAdded,
                    false => Kind::OtherStatusAdded,
                },
                At::new(after),
            );
            self.status(talk, key, change.after_made(*key));
        }
        Ok(())
    }

    /// A status that came or went. Where the API calls, it is an answer that it may not take.
    fn status(&mut self, talk: &Talk<'a, '_>, key: &str, change: Change<'a>) {
        let place = match talk.role {
            Role::WeCall => talk.place(Scope::Response, None, Some(key)),
            Role::TheyCall => talk.place(Scope::RequestBody, None, Some(key)),
        };
        self.fact(place, change);
    }

    fn response(
        &mut self,
        talk: &Talk<'a, '_>,
        key: &str,
        before: &'a Value,
        after: &'a Value,
    ) -> Read<'a, ()> {
        let (old, new) = (
            self.old.resolved_object(before)?,
            self.new.resolved_object(after)?,
        );
        let way = talk.response();
        let whole = talk.place(way.whole(), None, Some(key));
        let body = talk.place(way.body(), None, Some(key));
        self.words(
            &whole,
            old,
            new,
            after,
            &[("description", Kind::DescriptionChanged)],
        );
        self.headers(way, &whole, "", old, new, talk)?;
        let has_body = |of: Object<'a>| of.get("content").is_some_and(|it| !is_empty(it));
        match way == Way::Sent && !has_body(old) && has_body(new) {
            // An answer without a body is no longer what the API asks for.
            true => {
                let at = At::new(new.get("content").unwrap_or(after));
                self.fact(whole.clone(), Change::new(Kind::BodyAddedRequired, at));
            }
            false => self.content(way, &whole, &body, old, new)?,
        }
        self.links(&whole, old, new)?;
        self.rest(
            &whole,
            old,
            new,
            &["$ref", "description", "headers", "content", "links"],
        );
        Ok(())
    }

    fn headers(
        &mut self,
        way: Way,
        message: &Place,
        before_name: &str,
        old: Object<'a>,
        new: Object<'a>,
        talk: &Talk<'a, '_>,
    ) -> Read<'a, ()> {
        let old = headers(self.old, old)?;
        let new = headers(self.new, new)?;
        let place = |header: &Named<'_>| Place {
            scope: way.parameter(),
            path: Some(format!("{before_name}{}", header.name).into()),
            ..message.clone()
        };
        for (key, was) in &old {
            match new.get(key) {
                None => self.named_removed(place(was), way, *was)?,
                Some(is) => self.named(Presence {
                    place: place(is),
                    way,
                    was: *was,
                    is: *is,
                })?,
            }
        }
        for (key, is) in &new {
            if !old.contains_key(key) {
                self.named_added(place(is), way, *is, "header", talk)?;
            }
        }
        Ok(())
    }

    /// Where a response leads: a remark, because nobody has to follow it.
    fn links(&mut self, place: &Place, old: Object<'a>, new: Object<'a>) -> Read<'a, ()> {
        let place = Place {
            scope: Scope::Response,
            ..place.clone()
        };
        let old = self.old.members(old, "links")?;
        let new = self.new.members(new, "links")?;
        for (name, _, before, after) in side_by_side(old, new) {
            let place = place.clone().within(name);
            let (was, is) = match (before, after) {
                (Some(was), Some(is)) => (self.old.resolve(was)?, self.new.resolve(is)?),
                (Some(was), None) => {
                    let change = Change::new(Kind::LinkRemoved, At::old(was)).before_made(name);
                    self.fact(place, change);
                    continue;
                }
                (None, Some(is)) => {
                    let change = Change::new(Kind::LinkAdded, At::new(is)).after_made(name);
                    self.fact(place, change);
                    continue;
                }
                (None, None) => continue,
            };
            let (old, new) = (self.old.object(was)?, self.new.object(is)?);
            self.words(
                &place,
                old,
                new,
                is,
                &[("description", Kind::DescriptionChanged)],
            );
            let rest = |of: Object<'a>| {
                let keys = of.iter().filter(|(key, _)| *key != "description");
                keys.map(|(key, it)| (key.as_str(), it)).collect::<Vec<_>>()
            };
            let differs =
                side_by_side(rest(old), rest(new))
                    .into_iter()
                    .any(|(_, _, before, after)| match (before, after) {
                        (Some(was), Some(is)) => !is_same_data((self.old, was), (self.new, is)),
                        _ => true,
                    });
            if differs {
                let change = Change::new(Kind::LinkChanged, At::new(is));
                self.fact(place, change.before(Some(was)).after(Some(is)));
            }
        }
        Ok(())
    }

    /// The media types of a body, a parameter or a header. Adding or removing one is a change of
    /// `whole`; a change of its schema is one of `body`.
    fn content(
        &mut self,
        way: Way,
        whole: &Place,
        body: &Place,
        old: Object<'a>,
        new: Object<'a>,
    ) -> Read<'a, ()> {
        let mut before = media_types(self.old, old)?;
        let mut after = media_types(self.new, new)?;
        for wanted in [
            Relation::Same,
            Relation::OtherParameters,
            Relation::Wider,
            Relation::Narrower,
        ] {
            before = self.media_types_related(way, (whole, body), before, &mut after, wanted)?;
        }
        for media_type in before {
            let change = Change::new(Kind::MediaTypeRemoved, At::old(media_type.value));
            self.fact(whole.clone(), change.before_made(media_type.name));
        }
        for media_type in after {
            let change = Change::new(Kind::MediaTypeAdded, At::new(media_type.value));
            self.fact(whole.clone(), change.after_made(media_type.name));
        }
        Ok(())
    }

    /// Compares the media types that relate in this way, and returns those that are left.
    fn media_types_related(
        &mut self,
        way: Way,
        (whole, body): (&Place, &Place),
        before: Vec<Spoken<'a>>,
        after: &mut Vec<Spoken<'a>>,
        wanted: Relation,
    ) -> Read<'a, Vec<Spoken<'a>>> {
        let mut rest = Vec::new();
        for was in before {
            let partner = after
                .iter()
                .position(|it| was.media_type.relation(&it.media_type) == wanted);
            let Some(partner) = partner else {
                rest.push(was);
                continue;
            };
            let is = after.remove(partner);
            let kind = match wanted {
                Relation::OtherParameters => Some(Kind::MediaTypeParametersChanged),
                Relation::Wider => Some(Kind::MediaTypeGeneralized),
                Relation::Narrower => Some(Kind::MediaTypeSpecialized),
                Relation::Same | Relation::None => None,
            };
            if let Some(kind) = kind {
                let change = Change::new(kind, At::new(is.value)).became(was.name, is.name);
                self.fact(whole.clone(), change);
            }
            let place = match is.media_type.is_plain_json() {
                true => body.clone(),
                false => body.clone().within(is.name),
            };
            self.media_type(way, &place, &was, &is)?;
        }
        Ok(rest)
    }

    fn media_type(
        &mut self,
        way: Way,
        place: &Place,
        was: &Spoken<'a>,
        is: &Spoken<'a>,
    ) -> Read<'a, ()> {
        let (old, new) = (self.old.object(was.value)?, self.new.object(is.value)?);
        match (old.get("schema"), new.get("schema")) {
            (None, None) => {}
            (Some(old), Some(new)) => {
                let is_text = was.media_type.is_text() && is.media_type.is_text();
                self.root_of(place, is_text, old, new);
            }
            // `true` allows what no schema allows.
            (None, Some(Value::Bool(true))) | (Some(Value::Bool(true)), None) => {}
            (None, after @ Some(schema @ Value::Bool(false))) => {
                let change = Change::new(Kind::SchemaBecameFalse, At::new(schema));
                self.fact(place.clone(), change.after(after));
            }
            (before @ Some(schema), None) => {
                // 3.1 has no schema where 3.0 says that a body is binary.
                if is.media_type.is_json() || !is_binary(self.old, schema)? {
                    let change = Change::new(Kind::MediaTypeSchemaRemoved, At::old(schema));
                    self.fact(place.clone(), change.before(before));
                }
            }
            (None, after @ Some(schema)) => {
                if is.media_type.is_json() || !is_binary(self.new, schema)? {
                    let change = Change::new(Kind::MediaTypeSchemaAdded, At::new(schema));
                    self.fact(place.clone(), change.after(after));
                }
            }
        }
        self.examples(&place.clone().within("whole"), old, new, is.value)?;
        self.encodings(way, place, old, new, is.value)?;
        self.rest(
            place,
            old,
            new,
            &["schema", "example", "examples", "encoding"],
        );
        Ok(())
    }

    /// How the properties of a form are written.
    fn encodings(
        &mut self,
        way: Way,
        body: &Place,
        old: Object<'a>,
        new: Object<'a>,
        here: &'a Value,
    ) -> Read<'a, ()> {
        let old = self.old.members(old, "encoding")?;
        let new = self.new.members(new, "encoding")?;
        for (name, _, before, after) in side_by_side(old, new) {
            let place = Place {
                scope: way.property(),
                path: Some(name.into()),
                ..body.clone()
            };
            let none = empty();
            let old = before.map_or(Ok(none), |it| self.old.resolved_object(it))?;
            let new = after.map_or(Ok(none), |it| self.new.resolved_object(it))?;
            let at = At::newest(before, after, At::new(here));
            let types = |of: Object<'a>| -> BTreeSet<MediaType> {
                let listed = of.get("contentType").and_then(Value::as_str);
                let listed = listed.into_iter().flat_map(|it| it.split(','));
                listed.map(MediaType::read).collect()
            };
            let (was, is) = (types(old), types(new));
            let shift = match (was.is_empty(), is.is_empty()) {
                _ if was == is => None,
                (true, _) => Some(Shift::Narrowed),
                (_, true) => Some(Shift::Widened),
                _ if was.is_subset(&is) => Some(Shift::Widened),
                _ if is.is_subset(&was) => Some(Shift::Narrowed),
                _ => Some(Shift::Changed),
            };
            if let Some(shift) = shift {
                let change = Change::new(Kind::Encoding(shift), at);
                let change = change
                    .before(old.get("contentType"))
                    .after(new.get("contentType"));
                self.fact(place.clone().within("contentType"), change);
            }
            let style = |of: Object<'a>| of.get("style").and_then(Value::as_str).unwrap_or("form");
            let explode = |of: Object<'a>, style: &str| match of.get("explode") {
                Some(Value::Bool(flag)) => *flag,
                _ => style == "form",
            };
            let reserved = |of: Object<'a>| of.get("allowReserved") == Some(&Value::Bool(true));
            let styles = (style(old), style(new));
            let explodes = (explode(old, styles.0), explode(new, styles.1));
            let differs = [
                ("style", styles.0 != styles.1),
                ("explode", explodes.0 != explodes.1),
                ("allowReserved", reserved(old) != reserved(new)),
            ];
            for (key, _) in differs.into_iter().filter(|(_, it)| *it) {
                let change = Change::new(Kind::Encoding(Shift::Changed), at);
                let change = change.before(old.get(key)).after(new.get(key));
                self.fact(place.clone().within(key), change);
            }
            self.encoding_headers(way, &place, name, old, new)?;
            const KEYS: &[&str] = &[
                "$ref",
                "contentType",
                "headers",
                "style",
                "explode",
                "allowReserved",
            ];
            self.rest(&place, old, new, KEYS);
        }
        Ok(())
    }

    fn encoding_headers(
        &mut self,
        way: Way,
        place: &Place,
        name: &str,
        old: Object<'a>,
        new: Object<'a>,
    ) -> Read<'a, ()> {
        let before_name = format!("{name}/");
        let Some(operation) = place.operation.clone() else {
            return Ok(());
        };
        // Only the role matters there.
        let talk = Talk {
            operation: &operation,
            role: match way {
                Way::Sent => Role::WeCall,
                Way::Received => Role::TheyCall,
            },
            paths: ("", ""),
            items: (old, new),
            old,
            new,
        };
        self.headers(way, place, &before_name, old, new, &talk)
    }

    fn examples(
        &mut self,
        place: &Place,
        old: Object<'a>,
        new: Object<'a>,
        here: &'a Value,
    ) -> Read<'a, ()> {
        let before = examples(self.old, old)?;
        let after = examples(self.new, new)?;
        if !same_values(&before, &after) {
            let at = new.get("examples").or(new.get("example")).unwrap_or(here);
            let mut change = Change::new(Kind::ExampleChanged, At::new(at));
            change.before = all(&before);
            change.after = all(&after);
            self.fact(place.clone(), change);
        }
        Ok(())
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty)
}

fn empty<'a>() -> Object<'a> {
    static EMPTY: std::sync::LazyLock<serde_json::Map<String, Value>> =
        std::sync::LazyLock::new(Default::default);
    &EMPTY
}

/// A media type and its name as it is written.
struct Spoken<'a> {
    media_type: MediaType,
    name: &'a str,
    value: &'a Value,
}

fn media_types<'a>(document: Document<'a>, of: Object<'a>) -> Read<'a, Vec<Spoken<'a>>> {
    let members = document.members(of, "content")?;
    let all = members.into_iter().map(|(name, value)| Spoken {
        media_type: MediaType::read(name),
        name,
        value,
    });
    Ok(all.collect())
}

/// The schema of the one media type of a parameter.
fn schema_of<'a>(document: Document<'a>, content: &'a Value) -> Read<'a, Option<&'a Value>> {
    let mut all = document.object(content)?.values();
    Ok(all.next().and_then(|it| it.get("schema")))
}

fn is_binary<'a>(document: Document<'a>, schema: &'a Value) -> Read<'a, bool> {
    let shape = Shape::of(document, schema)?;
    let is_text = shape.types == ["string"] && !shape.is_nullable();
    Ok(is_text && shape.plain(Plain::Format).is_some_and(|it| it == "binary"))
}

type Responses<'a> = BTreeMap<Status, (&'a str, &'a Value)>;

/// The responses, and the extensions among them.
fn responses<'a>(
    document: Document<'a>,
    operation: Object<'a>,
) -> Read<'a, (Responses<'a>, Vec<(&'a str, &'a Value)>)> {
    let (rest, all): (Vec<_>, Vec<_>) = document
        .members(operation, "responses")?
        .into_iter()
        .partition(|(key, _)| key.starts_with("x-"));
    let all = all.into_iter();
    let all = all.map(|(key, value)| (Status::read(key), (key, value)));
    Ok((all.collect(), rest))
}

/// What describes a status that has no response of its own: its range, else the default.
fn described<'a, 'r>(
    responses: &'r Responses<'a>,
    status: &Status,
) -> Option<&'r (&'a str, &'a Value)> {
    // Codes, ranges and the default are in this order.
    responses
        .iter()
        .find(|(other, _)| other.covers(status))
        .map(|(_, response)| response)
}

/// A parameter or a header.
#[derive(Clone, Copy)]
struct Named<'a> {
    name: &'a str,
    place: &'a str,
    /// Whether all operations of the path have it.
    is_shared: bool,
    value: &'a Value,
    members: Object<'a>,
}

/// The location and the name of a parameter; for one in the path, its position.
type ParameterKey<'a> = (&'a str, String);

fn parameters<'a>(
    document: Document<'a>,
    path: &'a str,
    item: Object<'a>,
    operation: Object<'a>,
) -> Read<'a, BTreeMap<ParameterKey<'a>, Named<'a>>> {
    let mut parameters = BTreeMap::new();
    for (of, is_shared) in [(item, true), (operation, false)] {
        for parameter in document.items(of, "parameters")? {
            let value = document.resolve(parameter)?;
            let members = document.object(value)?;
            let field = |key| match members.get(key) {
                Some(it) => document.text(it),
                None => Err(document.shape(value, "a parameter with `name` and `in`")),
            };
            let (name, place) = (field("name")?, field("in")?);
            let key = match place {
                "path" => place_in_template(path, name),
                "header" => name.to_lowercase(),
                _ => name.to_owned(),
            };
            // OpenAPI ignores parameters of these names; other parts of the document say them.
            let is_ignored = place == "header"
                && matches!(key.as_str(), "accept" | "content-type" | "authorization");
            if is_ignored {
                continue;
            }
            parameters.insert(
                (place, key),
                Named {
                    name,
                    place,
                    is_shared,
                    value,
                    members,
                },
            );
        }
    }
    Ok(parameters)
}

/// The names in a template, in their order.
pub(super) fn names_in(path: &str) -> impl Iterator<Item = &str> {
    let rest = path.split('{').skip(1);
    rest.map(|it| it.split('}').next().unwrap_or_default())
}

fn place_in_template(path: &str, name: &str) -> String {
    match names_in(path).position(|it| it == name) {
        Some(position) => format!("{{{position}}}"),
        None => name.to_owned(),
    }
}

fn headers<'a>(
    document: Document<'a>,
    response: Object<'a>,
) -> Read<'a, BTreeMap<String, Named<'a>>> {
    let mut headers = BTreeMap::new();
    for (name, value) in document.members(response, "headers")? {
        let value = document.resolve(value)?;
        let members = document.object(value)?;
        let key = name.to_lowercase();
        // The media types say it.
        if key != "content-type" {
            let place = "header";
            headers.insert(
                key,
                Named {
                    name,
                    place,
                    is_shared: false,
                    value,
                    members,
                },
            );
        }
    }
    Ok(headers)
}

/// How a value is written into a URL or a header.
struct Serialization<'a> {
    has_schema: bool,
    style: &'a str,
    explode: bool,
    /// Neither an array nor an object, which `explode` is about.
    is_scalar: bool,
}

impl<'a> Serialization<'a> {
    fn read(document: Document<'a>, of: Named<'a>) -> Read<'a, Self> {
        let style = match of.members.get("style") {
            Some(style) => document.text(style)?,
            None if matches!(of.place, "query" | "cookie") => "form",
            None => "simple",
        };
        let explode = match of.members.get("explode") {
            None => style == "form",
            Some(_) => document.flag(of.members, "explode")?,
        };
        let schema = of.members.get("schema");
        let is_scalar = match schema {
            None => true,
            Some(schema) => {
                let shape = Shape::of(document, schema)?;
                let is_long = |it: &&str| matches!(*it, "array" | "object");
                !shape.types.is_empty() && !shape.types.iter().any(is_long)
            }
        };
        Ok(Self {
            has_schema: schema.is_some(),
            style,
            explode,
            is_scalar,
        })
    }
}

/// `example` and the values of `examples`, which a list gives without names.
fn examples<'a>(document: Document<'a>, of: Object<'a>) -> Read<'a, Vec<&'a Value>> {
    let mut examples: Vec<&Value> = of.get("example").into_iter().collect();
    if let Some(Value::Array(all)) = of.get("examples") {
        examples.extend(all);
        return Ok(examples);
    }
    for (_, example) in document.members(of, "examples")? {
        let example = document.resolve(example)?;
        examples.push(example.get("value").unwrap_or(example));
    }
    Ok(examples)
}
