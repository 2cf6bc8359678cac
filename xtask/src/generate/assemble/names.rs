//! Components of one name that mean different things on different pages.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::paths::{operations, path_items};
use super::same;
use crate::openapi::spec::Part;
use crate::page::Fence;
use openapi_compare::pointer::Pointer;

/// What a component is called on a page: its kind, such as `schemas`, and its name.
type Key = (String, String);

/// Renames each component that differs from an earlier one of its name, and all references to
/// it on its page.
pub(super) fn part(fences: &mut [Fence]) {
    let renamed = renamed(fences);
    for (fence, names) in fences.iter_mut().zip(renamed) {
        if !names.is_empty() {
            rename(Arc::make_mut(&mut fence.document), &names);
        }
    }
}

/// The new names that each fence needs.
fn renamed(fences: &[Fence]) -> Vec<BTreeMap<Key, String>> {
    let mut taken: HashSet<Key> = HashSet::new();
    for fence in fences {
        taken.extend(components(fence).map(|(key, _)| key));
    }
    // The first of each kind that was seen, and the name that it has now.
    let mut variants: BTreeMap<Key, Vec<(Part<'_>, String)>> = BTreeMap::new();
    let mut all = Vec::new();
    for fence in fences {
        let mut names = BTreeMap::new();
        for (key, component) in components(fence) {
            let variants = variants.entry(key.clone()).or_default();
            let same = variants
                .iter()
                .find(|(variant, _)| same::difference(variant, &component).is_none());
            let name = match same {
                Some((_, name)) => name.clone(),
                None => {
                    let name = match variants.is_empty() {
                        true => key.1.clone(),
                        false => free(&key, &mut taken),
                    };
                    variants.push((component, name.clone()));
                    name
                }
            };
            if name != key.1 {
                names.insert(key, name);
            }
        }
        all.push(names);
    }
    all
}

fn free(key: &Key, taken: &mut HashSet<Key>) -> String {
    let mut number = 2_usize;
    loop {
        let name = format!("{}{number}", key.1);
        if taken.insert((key.0.clone(), name.clone())) {
            return name;
        }
        number += 1;
    }
}

fn components(fence: &Fence) -> impl Iterator<Item = (Key, Part<'_>)> {
    let kinds = Part::whole(&fence.document).child("components");
    let kinds = kinds.into_iter().flat_map(|kinds| kinds.children());
    kinds.flat_map(|(kind, all)| {
        all.children()
            .map(move |(name, component)| ((kind.to_owned(), name.to_owned()), component))
    })
}

fn rename(document: &mut Value, names: &BTreeMap<Key, String>) {
    if let Some(Value::Object(kinds)) = document.get_mut("components") {
        for (kind, all) in kinds {
            if let Value::Object(all) = all {
                *all = std::mem::take(all)
                    .into_iter()
                    .map(|(name, component)| {
                        let key = (kind.clone(), name);
                        let name = names.get(&key).cloned().unwrap_or(key.1);
                        (name, component)
                    })
                    .collect();
            }
        }
    }
    rename_references(document, names);
    rename_security(document.get_mut("security"), names);
    for operation in path_items(document).flat_map(|(_, item)| operations(item)) {
        rename_security(operation.get_mut("security"), names);
    }
}

/// References, and the classes that a discriminator leads to.
fn rename_references(value: &mut Value, names: &BTreeMap<Key, String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match (key.as_str(), member) {
                    ("$ref", Value::String(reference)) => rename_reference(reference, names),
                    ("mapping", Value::Object(mapping)) => {
                        for target in mapping.values_mut() {
                            match target {
                                Value::String(reference) => rename_reference(reference, names),
                                other => rename_references(other, names),
                            }
                        }
                    }
                    (_, member) => rename_references(member, names),
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| rename_references(item, names)),
        _ => {}
    }
}

fn rename_reference(reference: &mut String, names: &BTreeMap<Key, String>) {
    let Some(path) = reference.strip_prefix("#/components/") else {
        return;
    };
    let mut steps = path.splitn(3, '/');
    let (Some(kind), Some(name)) = (steps.next(), steps.next()) else {
        return;
    };
    let name = name.replace("~1", "/").replace("~0", "~");
    if let Some(name) = names.get(&(kind.to_owned(), name)) {
        let at = Pointer::root().child("components").child(kind).child(name);
        let rest = steps.next().map(|rest| format!("/{rest}"));
        *reference = format!("#{at}{}", rest.unwrap_or_default());
    }
}

/// Security schemes are the one kind that is named without a reference.
fn rename_security(security: Option<&mut Value>, names: &BTreeMap<Key, String>) {
    let ways = security.and_then(Value::as_array_mut);
    for way in ways.into_iter().flatten().filter_map(Value::as_object_mut) {
        let renamed: Map<String, Value> = std::mem::take(way)
            .into_iter()
            .map(|(name, scopes)| {
                let key = ("securitySchemes".to_owned(), name);
                let name = names.get(&key).cloned().unwrap_or(key.1);
                (name, scopes)
            })
            .collect();
        *way = renamed;
    }
}
