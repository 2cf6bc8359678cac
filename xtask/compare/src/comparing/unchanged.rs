//! What is the same text in both documents, with everything that it refers to: nothing in it has to be
//! read to know that nothing changed.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::document::Document;

/// The components that are the same, by the text of a reference to them.
pub(super) struct Unchanged {
    components: FxHashSet<String>,
    /// The values of both documents that are known to be the same.
    values: FxHashSet<*const Value>,
}

impl Unchanged {
    pub fn of(old: Document<'_>, new: Document<'_>) -> Self {
        let mut components = FxHashSet::default();
        // Another version may mean something else by the same text.
        if old.root.get("openapi") != new.root.get("openapi") {
            return Unchanged {
                components,
                values: FxHashSet::default(),
            };
        }
        let mut used_by: FxHashMap<&str, Vec<String>> = FxHashMap::default();
        let mut changed: Vec<String> = Vec::new();
        for (kind, before) in members(old.root.get("components")) {
            let after = new.root.get("components").and_then(|it| it.get(kind));
            for (name, before) in members(Some(before)) {
                if [kind, name].iter().any(|it| it.contains(['~', '/', '%'])) {
                    continue;
                }
                // References in a circle are to be refused, and only who follows them sees it.
                if before.get("$ref").is_some() {
                    continue;
                }
                let reference = format!("#/components/{kind}/{name}");
                let mut uses = Vec::new();
                let is_same = after.and_then(|it| it.get(name)).is_some_and(|after| {
                    is_same_text(before, after, usize::MAX, |reference| {
                        uses.push(reference);
                        true
                    })
                });
                match is_same {
                    true => {
                        for used in uses {
                            used_by.entry(used).or_default().push(reference.clone());
                        }
                        components.insert(reference);
                    }
                    false => changed.push(reference),
                }
            }
        }
        let others = used_by.keys().filter(|it| !components.contains(**it));
        changed.extend(others.map(|it| (*it).to_owned()));
        while let Some(reference) = changed.pop() {
            for user in used_by.remove(&*reference).into_iter().flatten() {
                if components.remove(&user) {
                    changed.push(user);
                }
            }
        }
        let values = [old, new].into_iter().flat_map(|document| {
            let all = components.iter();
            all.filter_map(move |it| document.root.pointer(it.trim_start_matches('#')))
        });
        let values = values.map(std::ptr::from_ref).collect();
        Unchanged { components, values }
    }

    /// Takes down that two values are the same.
    pub fn note(&mut self, before: &Value, after: &Value) {
        self.values.extend([before, after].map(std::ptr::from_ref));
    }

    /// Takes down that a value differs from another one than its like.
    pub fn doubt(&mut self, value: &Value) {
        self.values.remove(&std::ptr::from_ref(value));
    }

    /// Whether a value is known to be the same in both documents.
    pub fn is_known(&self, value: &Value) -> bool {
        self.values.contains(&std::ptr::from_ref(value))
    }

    /// Whether both are the same, as far as few steps can tell.
    pub fn holds(&self, before: &Value, after: &Value) -> bool {
        /// So that asking costs little at every level.
        const VALUES: usize = 512;
        self.is_same(before, after, VALUES)
    }

    /// Whether both are the same, however long they are.
    pub fn holds_for_all(&self, before: &Value, after: &Value) -> bool {
        self.is_same(before, after, usize::MAX)
    }

    fn is_same(&self, before: &Value, after: &Value, most: usize) -> bool {
        let is_known = |reference: &str| self.components.contains(reference);
        is_same_text(before, after, most, is_known)
    }
}

/// Whether both are the same text without references. Long ones count as different.
pub(super) fn is_written_alike(before: &Value, after: &Value) -> bool {
    const VALUES: usize = 64;
    is_same_text(before, after, VALUES, |_| false)
}

fn members(of: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let members = of.and_then(Value::as_object).into_iter().flatten();
    members.map(|(name, value)| (name.as_str(), value))
}

/// Whether both are the same text, not longer than so many values, and refer to other things only by
/// references that may be.
fn is_same_text<'a>(
    before: &'a Value,
    after: &Value,
    most: usize,
    mut may_be: impl FnMut(&'a str) -> bool,
) -> bool {
    let mut open = vec![(before, after)];
    let mut seen = 0;
    while let Some((one, other)) = open.pop() {
        seen += 1;
        if seen > most {
            return false;
        }
        match (one, other) {
            (Value::Object(was), Value::Object(is)) if was.len() == is.len() => {
                for ((key, one), (other_key, other)) in was.iter().zip(is) {
                    let is_meant_alike = key == other_key
                        && match key.as_str() {
                            "discriminator" | "$dynamicRef" | "$recursiveRef" | "$id"
                            | "operationRef" => false,
                            "$ref" => one.as_str().is_some_and(&mut may_be),
                            _ => true,
                        };
                    if !is_meant_alike {
                        return false;
                    }
                    open.push((one, other));
                }
            }
            (Value::Array(was), Value::Array(is)) if was.len() == is.len() => {
                open.extend(was.iter().zip(is));
            }
            (Value::Object(_) | Value::Array(_), _) => return false,
            _ if one != other => return false,
            _ => {}
        }
    }
    true
}
