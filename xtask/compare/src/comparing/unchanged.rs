//! What is the same text in both documents, with everything that it refers to: nothing in it has to be
//! read to know that nothing changed.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::document::Document;

/// The components that are the same, by the text of a reference to them.
pub(super) struct Unchanged {
    components: HashSet<String>,
}

impl Unchanged {
    pub fn of(old: Document<'_>, new: Document<'_>) -> Self {
        let mut components = HashSet::new();
        // Another version may mean something else by the same text.
        if old.root.get("openapi") != new.root.get("openapi") {
            return Unchanged { components };
        }
        let mut used_by: HashMap<&str, Vec<String>> = HashMap::new();
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
                let uses = after
                    .and_then(|it| it.get(name))
                    .and_then(|after| references(before, after, usize::MAX));
                match uses {
                    Some(uses) => {
                        for used in uses {
                            used_by.entry(used).or_default().push(reference.clone());
                        }
                        components.insert(reference);
                    }
                    None => changed.push(reference),
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
        Unchanged { components }
    }

    /// Whether both are the same, as far as few steps can tell.
    pub fn holds(&self, before: &Value, after: &Value) -> bool {
        /// So that asking costs little at every level.
        const VALUES: usize = 512;
        let references = references(before, after, VALUES);
        references.is_some_and(|all| all.iter().all(|it| self.components.contains(*it)))
    }
}

/// Whether both are the same text without references. Long ones count as different.
pub(super) fn is_written_alike(before: &Value, after: &Value) -> bool {
    const VALUES: usize = 64;
    references(before, after, VALUES).is_some_and(|all| all.is_empty())
}

fn members(of: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let members = of.and_then(Value::as_object).into_iter().flatten();
    members.map(|(name, value)| (name.as_str(), value))
}

/// The references in two values of the same text; `None` if the text is another, or longer than so
/// many values, or refers to something in another way.
fn references<'a>(before: &'a Value, after: &Value, most: usize) -> Option<Vec<&'a str>> {
    let mut found = Vec::new();
    let mut open = vec![(before, after)];
    let mut seen = 0;
    while let Some((one, other)) = open.pop() {
        seen += 1;
        if seen > most {
            return None;
        }
        match (one, other) {
            (Value::Object(was), Value::Object(is)) if was.len() == is.len() => {
                for ((key, one), (other_key, other)) in was.iter().zip(is) {
                    match key.as_str() {
                        _ if key != other_key => return None,
                        "discriminator" | "$dynamicRef" | "$recursiveRef" | "$id"
                        | "operationRef" => {
                            return None;
                        }
                        "$ref" => found.push(one.as_str()?),
                        _ => {}
                    }
                    open.push((one, other));
                }
            }
            (Value::Array(was), Value::Array(is)) if was.len() == is.len() => {
                open.extend(was.iter().zip(is));
            }
            (Value::Object(_) | Value::Array(_), _) => return None,
            _ if one != other => return None,
            _ => {}
        }
    }
    Some(found)
}
