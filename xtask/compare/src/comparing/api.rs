//! The document as a whole: its info, servers and security.

use std::collections::BTreeMap;

use serde_json::Value;

use super::difference::{Presence, side_by_side};
use super::document::{Document, Object, Read};
use super::fact::{At, Change, Content, Place};
use super::number::canonical;
use super::walk::Walk;
use crate::finding::{Kind, Shift};

const ROOT_KEYS: &[&str] = &[
    "openapi",
    "info",
    "tags",
    "externalDocs",
    "servers",
    "security",
    "paths",
    "webhooks",
    "x-webhooks",
    "components",
];

/// The schemes of one requirement, each with its scopes.
type Requirement<'a> = BTreeMap<&'a str, Vec<&'a str>>;

impl<'a> Walk<'a> {
    pub fn api(&mut self) -> Read<'a, ()> {
        let place = Place::of_api();
        let (old, new) = (
            self.old.object(self.old.root)?,
            self.new.object(self.new.root)?,
        );
        self.info(&place, old, new)?;
        self.words(
            &place,
            old,
            new,
            self.new.root,
            &[
                ("tags", Kind::TagListChanged),
                ("externalDocs", Kind::ExternalDocsChanged),
            ],
        );
        self.servers(&place, old.get("servers"), new.get("servers"))?;
        if !self.all_say_their_security()? {
            self.security(&place, old.get("security"), new.get("security"))?;
        }
        self.security_schemes(&place)?;
        self.extensions_alone(old, new, "components");
        self.rest(&place, old, new, ROOT_KEYS);
        Ok(())
    }

    fn info(&mut self, place: &Place, old: Object<'a>, new: Object<'a>) -> Read<'a, ()> {
        let old = self.old.members(old, "info")?;
        let new = self.new.members(new, "info")?;
        for (key, _, before, after) in side_by_side(old, new) {
            let is_prose = key == "description";
            if before != after && !(is_prose && self.old.reads_alike(before, after)) {
                let kind = match key {
                    "version" => Kind::VersionChanged,
                    _ => Kind::InfoChanged,
                };
                let at = At::newest(before, after, At::new(self.new.root));
                let place = Place {
                    path: Some(key.into()),
                    ..place.clone().within("info", key)
                };
                self.fact(place, Change::new(kind, at).before(before).after(after));
            }
        }
        Ok(())
    }

    /// Compares the addresses. `null` counts as missing.
    pub fn servers(
        &mut self,
        place: &Place,
        old: Option<&'a Value>,
        new: Option<&'a Value>,
    ) -> Read<'a, ()> {
        let before = servers(self.old, old)?;
        let after = servers(self.new, new)?;
        let only = |of: &BTreeMap<&'a str, Object<'a>>, without: &BTreeMap<&'a str, Object<'a>>| {
            let urls = of.keys().filter(|url| !without.contains_key(*url));
            urls.map(|url| Value::from(*url)).collect::<Vec<_>>()
        };
        let (gone, added) = (only(&before, &after), only(&after, &before));
        let kind = match (gone.is_empty(), added.is_empty()) {
            (true, true) => None,
            (true, false) if before.is_empty() => Some(Kind::ServerSet),
            (false, true) if after.is_empty() => Some(Kind::ServerUnset),
            (true, false) => Some(Kind::ServerAdded),
            (false, true) => Some(Kind::ServerRemoved),
            (false, false) => Some(Kind::ServerChanged),
        };
        if let Some(kind) = kind {
            let at = At::newest(old, new, At::new(self.new.root));
            let mut change = Change::new(kind, at);
            change.before = content(gone);
            change.after = content(added);
            self.fact(place.clone(), change);
        }
        for (url, was) in before {
            if let Some(is) = after.get(url) {
                let place = place.clone().within("server", url);
                let keys = [("description", Kind::ServerDescriptionChanged)];
                self.words(&place, was, is, self.new.root, &keys);
                self.server_variables(&place, was, is)?;
                self.rest(&place, was, is, &["url", "description", "variables"]);
            }
        }
        Ok(())
    }

    /// The parts of an address that a caller may choose.
    fn server_variables(&mut self, place: &Place, was: Object<'a>, is: Object<'a>) -> Read<'a, ()> {
        self.extensions(place, was, is, "variables");
        let old = self.old.named(was, "variables")?;
        let new = self.new.named(is, "variables")?;
        for (name, _, before, after) in side_by_side(old, new) {
            let (Some(before), Some(after)) = (before, after) else {
                self.unhandled(place, before, after);
                continue;
            };
            let place = place.clone().within("variable", name);
            let (old, new) = (self.old.object(before)?, self.new.object(after)?);
            let keys = [
                ("default", Kind::ServerVariableDefaultChanged),
                ("description", Kind::ServerDescriptionChanged),
            ];
            self.words(&place, old, new, after, &keys);
            let limited = |of: Object<'a>| of.contains_key("enum");
            let was = self.old.items(old, "enum")?;
            let is = self.new.items(new, "enum")?;
            if limited(old) || limited(new) {
                let narrowed =
                    limited(new) && (!limited(old) || was.iter().any(|it| !is.contains(it)));
                let widened =
                    limited(old) && (!limited(new) || is.iter().any(|it| !was.contains(it)));
                let both = (old.get("enum"), new.get("enum"));
                for (shift, _) in [(Shift::Narrowed, narrowed), (Shift::Widened, widened)]
                    .into_iter()
                    .filter(|(_, it)| *it)
                {
                    let at = At::newest(both.0, both.1, At::new(after));
                    let change = Change::new(Kind::ServerVariable(shift), at);
                    self.fact(place.clone(), change.before(both.0).after(both.1));
                }
            }
            self.rest(&place, old, new, &["default", "description", "enum"]);
        }
        Ok(())
    }

    /// Compares which credentials a caller needs.
    pub fn security(
        &mut self,
        place: &Place,
        old: Option<&'a Value>,
        new: Option<&'a Value>,
    ) -> Read<'a, ()> {
        let mut before = requirements(self.old, old)?;
        let mut after = requirements(self.new, new)?;
        self.rename(&mut before)?;
        // Without any, the one that asks for nothing is left.
        for all in [&mut before, &mut after] {
            if all.is_empty() {
                all.push(Requirement::new());
            }
        }
        let at = At::newest(old, new, At::new(self.new.root));
        let is_open = |of: &[Requirement<'a>]| of.iter().any(BTreeMap::is_empty);
        let kind = match (is_open(&before), is_open(&after)) {
            (true, false) => Some(Kind::SecurityBecameRequired),
            (false, true) => Some(Kind::SecurityBecameOptional),
            _ => None,
        };
        if let Some(kind) = kind {
            let mut change = Change::new(kind, at);
            change.before = old.map(Content::Part);
            change.after = new.map(Content::Part);
            self.fact(place.clone(), change);
            return Ok(());
        }
        self.requirements(place, at, &before, &after);
        Ok(())
    }

    fn requirements(
        &mut self,
        place: &Place,
        at: At<'a>,
        before: &[Requirement<'a>],
        after: &[Requirement<'a>],
    ) {
        let schemes = |of: &Requirement<'a>| of.keys().copied().collect::<Vec<_>>();
        // Who has more than one of the new alternatives asks for is still let in.
        let is_met = |is: &Requirement<'a>, was: &Requirement<'a>| {
            is.iter().all(|(scheme, scopes)| {
                let had = was.get(scheme);
                had.is_some_and(|had| scopes.iter().all(|it| had.contains(it)))
            })
        };
        let mut open: Vec<&Requirement<'a>> =
            after.iter().filter(|it| !before.contains(it)).collect();
        for was in before.iter().filter(|it| !after.contains(it)) {
            let partner = open.iter().position(|is| schemes(is) == schemes(was));
            match partner {
                Some(partner) => self.scopes(place, at, was, open.remove(partner)),
                None if after.iter().any(|is| is_met(is, was)) => {}
                None => {
                    let change = Change::new(Kind::SecurityRemoved, at);
                    let change = change
                        .before_made(schemes(was).join(" + "))
                        .about(list(&schemes(was)));
                    self.fact(place.clone(), change);
                }
            }
        }
        for is in open {
            let change = Change::new(Kind::SecurityAdded, at);
            let change = change
                .after_made(schemes(is).join(" + "))
                .about(list(&schemes(is)));
            self.fact(place.clone(), change);
        }
    }

    /// Gives schemes of the old requirements the names that the same schemes have now.
    fn rename(&mut self, requirements: &mut [Requirement<'a>]) -> Read<'a, ()> {
        let names = self.renamed_schemes()?;
        for requirement in requirements {
            let renamed = std::mem::take(requirement).into_iter();
            *requirement = renamed
                .map(|(name, scopes)| {
                    let other = names.iter().find(|(old, _)| *old == name);
                    (other.map_or(name, |(_, new)| new), scopes)
                })
                .collect();
        }
        Ok(())
    }

    /// Schemes that only have another name than before.
    fn renamed_schemes(&self) -> Read<'a, Vec<(&'a str, &'a str)>> {
        let (old, new) = (schemes(self.old)?, schemes(self.new)?);
        let read = |document, all: Vec<(&'a str, &'a Value)>| {
            let all = all.into_iter();
            let all = all.map(|(name, it)| Ok((name, comparable(document, it)?)));
            all.collect::<Read<'a, BTreeMap<_, _>>>()
        };
        let (mut old, mut new) = (read(self.old, old)?, read(self.new, new)?);
        let stays = |name: &&str| old.get(name).is_some_and(|it| new.get(name) == Some(it));
        let kept: Vec<&str> = old.keys().copied().filter(stays).collect();
        for name in kept {
            old.remove(name);
            new.remove(name);
        }
        let mut renamed = Vec::new();
        for (name, was) in old {
            let other = new.iter().find(|(_, is)| **is == was).map(|(it, _)| *it);
            if let Some(other) = other {
                new.remove(other);
                renamed.push((name, other));
            }
        }
        Ok(renamed)
    }

    fn scopes(&mut self, place: &Place, at: At<'a>, was: &Requirement<'a>, is: &Requirement<'a>) {
        for (scheme, scopes) in was {
            let now = &is[scheme];
            let say = |scope: &str| Some(Content::made(format!("{scheme}: {scope}")));
            for scope in scopes.iter().filter(|scope| !now.contains(scope)) {
                let change = Change::new(Kind::SecurityScopeRemoved, at);
                let mut change = change.about(list(&[scheme, scope]));
                change.before = say(scope);
                self.fact(place.clone(), change);
            }
            for scope in now.iter().filter(|scope| !scopes.contains(scope)) {
                let change = Change::new(Kind::SecurityScopeAdded, at);
                let mut change = change.about(list(&[scheme, scope]));
                change.after = say(scope);
                self.fact(place.clone(), change);
            }
        }
    }

    fn security_schemes(&mut self, place: &Place) -> Read<'a, ()> {
        let renamed = self.renamed_schemes()?;
        let (mut old, mut new) = (schemes(self.old)?, schemes(self.new)?);
        for (name, other) in renamed {
            let take = |all: &mut Vec<(&'a str, &'a Value)>, name: &str| {
                let index = all.iter().position(|(it, _)| *it == name);
                index.map(|it| all.swap_remove(it).1)
            };
            if let (Some(was), Some(is)) = (take(&mut old, name), take(&mut new, other)) {
                let place = Place {
                    path: Some(other.into()),
                    ..place.clone().within("scheme", name)
                };
                self.security_scheme(&place, was, is)?;
            }
        }
        for (name, presence, before, after) in side_by_side(old, new) {
            let place = Place {
                path: Some(name.into()),
                ..place.clone().within("scheme", name)
            };
            let at = At::newest(before, after, At::new(self.new.root));
            let kind = match (presence, before, after) {
                (Presence::Both, Some(was), Some(is)) => {
                    self.security_scheme(&place, was, is)?;
                    continue;
                }
                (Presence::Removed, ..) => Kind::SecuritySchemeRemoved,
                _ => Kind::SecuritySchemeAdded,
            };
            self.fact(place, Change::new(kind, at).before(before).after(after));
        }
        Ok(())
    }

    fn security_scheme(&mut self, place: &Place, was: &'a Value, is: &'a Value) -> Read<'a, ()> {
        let (old, new) = (
            self.old.resolved_object(was)?,
            self.new.resolved_object(is)?,
        );
        self.beside(place, was, is);
        self.words(
            place,
            old,
            new,
            is,
            &[
                ("description", Kind::SecuritySchemeDescriptionChanged),
                ("type", Kind::SecuritySchemeTypeChanged),
                ("in", Kind::SecuritySchemeChanged),
                ("bearerFormat", Kind::SecuritySchemeChanged),
                ("openIdConnectUrl", Kind::SecuritySchemeChanged),
            ],
        );
        // Names of headers and of schemes ignore case.
        let scheme = |of: Object<'a>| {
            let scheme = of.get("scheme").and_then(Value::as_str);
            scheme.map(str::to_ascii_lowercase)
        };
        if scheme(old) != scheme(new) {
            self.words(
                place,
                old,
                new,
                is,
                &[("scheme", Kind::SecuritySchemeChanged)],
            );
        }
        let named = |of: Object<'a>| {
            let name = of.get("name").and_then(Value::as_str).unwrap_or_default();
            match of.get("in").is_some_and(|it| it == "header") {
                true => name.to_ascii_lowercase(),
                false => name.to_owned(),
            }
        };
        if named(old) != named(new) {
            self.words(
                place,
                old,
                new,
                is,
                &[("name", Kind::SecuritySchemeChanged)],
            );
        }
        const KEYS: &[&str] = &[
            "description",
            "type",
            "name",
            "in",
            "scheme",
            "bearerFormat",
            "openIdConnectUrl",
            "flows",
        ];
        self.rest(place, old, new, KEYS);
        let mut old = self.old.members(old, "flows")?;
        let mut new = self.new.members(new, "flows")?;
        let extensions = |of: &mut Vec<(&'a str, &'a Value)>| {
            let (rest, flows) = of.drain(..).partition(|(name, _)| name.starts_with("x-"));
            *of = flows;
            rest
        };
        let (old_rest, new_rest) = (extensions(&mut old), extensions(&mut new));
        self.remarks(
            &place.clone().within("keyword", "flows"),
            old_rest,
            new_rest,
        );
        for (name, _, before, after) in side_by_side(old, new) {
            let place = &place.clone().within("flow", name);
            match (before, after) {
                (Some(was), Some(is)) => self.flow(place, was, is)?,
                _ => self.unhandled(place, before, after),
            }
        }
        Ok(())
    }

    fn flow(&mut self, place: &Place, was: &'a Value, is: &'a Value) -> Read<'a, ()> {
        let (old, new) = (self.old.object(was)?, self.new.object(is)?);
        self.words(
            place,
            old,
            new,
            is,
            &[
                ("authorizationUrl", Kind::OauthUrlChanged),
                ("tokenUrl", Kind::OauthTokenUrlChanged),
            ],
        );
        self.rest(place, old, new, &["authorizationUrl", "tokenUrl", "scopes"]);
        let old = self.old.members(old, "scopes")?;
        let new = self.new.members(new, "scopes")?;
        for (name, presence, before, after) in side_by_side(old, new) {
            let kind = match presence {
                Presence::Added => Kind::OauthScopeAdded,
                Presence::Removed => Kind::OauthScopeRemoved,
                Presence::Both if before != after => Kind::OauthScopeChanged,
                Presence::Both => continue,
            };
            let at = At::newest(before, after, At::new(is));
            let mut change = Change::new(kind, at).before(before).after(after);
            match kind {
                Kind::OauthScopeAdded => change.after = Some(Content::made(name)),
                Kind::OauthScopeRemoved => change.before = Some(Content::made(name)),
                _ => {}
            }
            self.fact(place.clone().within("scope", name), change);
        }
        Ok(())
    }
}

fn list(names: &[&str]) -> String {
    Value::from(names).to_string()
}

fn servers<'a>(
    document: Document<'a>,
    list: Option<&'a Value>,
) -> Read<'a, BTreeMap<&'a str, Object<'a>>> {
    let mut servers = BTreeMap::new();
    let list = match list {
        None | Some(Value::Null) => return Ok(servers),
        Some(list) => document.array(list)?,
    };
    // Where there is none, it is this one.
    let is_default = |server: &Value| {
        server.as_object().is_some_and(|it| it.len() == 1)
            && server.get("url").is_some_and(|it| it == "/")
    };
    if let [only] = list
        && is_default(only)
    {
        return Ok(servers);
    }
    for server in list {
        let server = document.object(server)?;
        match server.get("url") {
            None | Some(Value::Null) => {}
            Some(url) => {
                servers.insert(without_root(document.text(url)?), server);
            }
        }
    }
    Ok(servers)
}

/// An address without a `/` that stands behind nothing but a host.
fn without_root(url: &str) -> &str {
    let host = url.strip_suffix('/').filter(|it| {
        let host = it.split_once("://").map(|(_, host)| host);
        host.is_some_and(|host| !host.is_empty() && !host.contains('/'))
    });
    host.unwrap_or(url)
}

fn requirements<'a>(
    document: Document<'a>,
    list: Option<&'a Value>,
) -> Read<'a, Vec<Requirement<'a>>> {
    let mut requirements = Vec::new();
    let Some(list) = list else {
        return Ok(requirements);
    };
    for requirement in document.array(list)? {
        let mut schemes = Requirement::new();
        for (name, scopes) in document.object(requirement)? {
            let mut names = Vec::new();
            for scope in document.array(scopes)? {
                names.push(document.text(scope)?);
            }
            schemes.insert(name, names);
        }
        requirements.push(schemes);
    }
    Ok(requirements)
}

/// A list of one as that one.
fn content<'a>(mut values: Vec<Value>) -> Option<Content<'a>> {
    match values.len() {
        0 => None,
        1 => values.pop().map(Content::made),
        _ => Some(Content::made(values)),
    }
}

fn schemes<'a>(document: Document<'a>) -> Read<'a, Vec<(&'a str, &'a Value)>> {
    let root = document.object(document.root)?;
    match root.get("components") {
        None => Ok(Vec::new()),
        Some(components) => document.named(document.object(components)?, "securitySchemes"),
    }
}

/// What a scheme asks for, without its words.
fn comparable<'a>(document: Document<'a>, scheme: &'a Value) -> Read<'a, String> {
    let mut scheme = document.resolved_object(scheme)?.clone();
    scheme.remove("description");
    let is_header = scheme.get("in").is_some_and(|it| it == "header");
    for (key, ignores_case) in [("scheme", true), ("name", is_header)] {
        if let Some(Value::String(text)) = scheme.get_mut(key)
            && ignores_case
        {
            text.make_ascii_lowercase();
        }
    }
    Ok(canonical(&Value::Object(scheme)))
}
