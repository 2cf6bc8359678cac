//! Matches the members of compositions: the order of `oneOf`, `anyOf` and `allOf` has no meaning.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use serde_json::Value;

use super::document::{Document, Read};
use super::fact::step;
use super::number::canonical;
use super::parts::Parts;
use super::schema::{Inner, Plain, Shape, Words};
use crate::finding::Bound;

/// Members that belong together, and those that are only on one side.
#[derive(Default)]
pub(super) struct Matched<'a> {
    pub pairs: Vec<Match<'a>>,
    pub removed: Vec<&'a Value>,
    pub added: Vec<&'a Value>,
}

/// How a member is told from the others.
#[derive(Clone)]
pub(super) struct Label {
    /// For a reader: its name, its title, or its position in the newer document.
    pub shown: Rc<str>,
    /// For a fingerprint: the same of the older document, whatever changed in the newer one.
    pub key: Rc<str>,
}

/// Two members that belong together.
pub(super) struct Match<'a> {
    pub old: &'a Value,
    pub new: &'a Value,
    pub label: Label,
    /// Whether neither their name nor what they say shows that they belong together.
    pub is_guess: bool,
}

struct Member<'a> {
    schema: &'a Value,
    shape: Shape<'a>,
    position: usize,
    /// Whether another member has the same name, or the same title.
    is_ambiguous: bool,
}

/// Matches by the name of the reference, then by equality, then by title; if one member is
/// left on each side, it is one member that changed.
pub(super) fn matched<'a>(
    old: Document<'a>,
    new: Document<'a>,
    before: &[&'a Value],
    after: &[&'a Value],
) -> Read<'a, Matched<'a>> {
    let mut before = members(old, before)?;
    let mut after = members(new, after)?;
    let mut matched = Matched::default();
    pair_up(&mut before, &mut after, &mut matched, |member| {
        member.shape.name.map(hash_of)
    });
    if !before.is_empty() && !after.is_empty() {
        let signatures = (signatures(old, &before)?, signatures(new, &after)?);
        pair_up_by(&mut before, &mut after, &mut matched, signatures);
    }
    pair_up(&mut before, &mut after, &mut matched, |member| {
        member.shape.words(Words::Title).first().map(hash_of)
    });
    if let ([was], [is]) = (&before[..], &after[..])
        && could_be_one(&was.shape, &is.shape)
    {
        matched.pairs.push(Match {
            old: was.schema,
            new: is.schema,
            label: label(was, is),
            is_guess: true,
        });
        return Ok(matched);
    }
    matched.removed = before.iter().map(|member| member.schema).collect();
    matched.added = after.iter().map(|member| member.schema).collect();
    Ok(matched)
}

/// Whether the two seem to allow the same values. At most one reference is followed.
pub(super) fn look_alike<'a>(
    old: (Document<'a>, &Shape<'a>),
    new: (Document<'a>, &Shape<'a>),
) -> Read<'a, bool> {
    Ok(signature(old.0, old.1, 0)? == signature(new.0, new.1, 0)?)
}

fn members<'a>(document: Document<'a>, schemas: &[&'a Value]) -> Read<'a, Vec<Member<'a>>> {
    let members = schemas.iter().enumerate().map(|(position, schema)| {
        let shape = Shape::of(document, schema)?;
        Ok(Member {
            schema,
            shape,
            position,
            is_ambiguous: false,
        })
    });
    let mut members = members.collect::<Read<'a, Vec<_>>>()?;
    let mut known: HashMap<&str, usize> = HashMap::new();
    for name in members.iter().filter_map(said) {
        *known.entry(name).or_default() += 1;
    }
    let is_ambiguous = |it: &Member<'a>| said(it).is_some_and(|it| known[it] > 1);
    let are_ambiguous: Vec<bool> = members.iter().map(is_ambiguous).collect();
    for (member, is_ambiguous) in members.iter_mut().zip(are_ambiguous) {
        member.is_ambiguous = is_ambiguous;
    }
    Ok(members)
}

fn signatures<'a>(document: Document<'a>, members: &[Member<'a>]) -> Read<'a, Vec<Option<u64>>> {
    members
        .iter()
        .map(|member| signature(document, &member.shape, 0).map(Some))
        .collect()
}

fn pair_up<'a>(
    before: &mut Vec<Member<'a>>,
    after: &mut Vec<Member<'a>>,
    matched: &mut Matched<'a>,
    key: impl Fn(&Member<'a>) -> Option<u64>,
) {
    let keys = |members: &[Member<'a>]| members.iter().map(&key).collect::<Vec<_>>();
    let keys = (keys(before), keys(after));
    pair_up_by(before, after, matched, keys);
}

fn pair_up_by<'a>(
    before: &mut Vec<Member<'a>>,
    after: &mut Vec<Member<'a>>,
    matched: &mut Matched<'a>,
    (old_keys, new_keys): (Vec<Option<u64>>, Vec<Option<u64>>),
) {
    let mut free: HashMap<u64, Vec<usize>> = HashMap::new();
    for (index, key) in new_keys.iter().enumerate().rev() {
        if let Some(key) = key {
            free.entry(*key).or_default().push(index);
        }
    }
    let mut partners = vec![None; before.len()];
    let mut taken = vec![false; after.len()];
    for (partner, key) in partners.iter_mut().zip(old_keys) {
        *partner = key.and_then(|key| free.get_mut(&key)).and_then(Vec::pop);
        if let Some(index) = *partner {
            taken[index] = true;
        }
    }
    for (member, partner) in before.iter().zip(&partners) {
        if let Some(index) = *partner {
            let is = &after[index];
            matched.pairs.push(Match {
                old: member.schema,
                new: is.schema,
                label: label(member, is),
                is_guess: false,
            });
        }
    }
    let mut partners = partners.into_iter();
    before.retain(|_| partners.next().flatten().is_none());
    let mut taken = taken.into_iter();
    after.retain(|_| taken.next() == Some(false));
}

fn could_be_one(old: &Shape<'_>, new: &Shape<'_>) -> bool {
    let overlap = old.types.iter().any(|it| new.types.contains(it));
    let is_open = old.types.is_empty() || new.types.is_empty();
    overlap || is_open
}

fn label(was: &Member<'_>, is: &Member<'_>) -> Label {
    let position = |of: &Member<'_>| format!("#{}", of.position + 1);
    Label {
        shown: said(is).map_or_else(|| position(is).into(), Rc::from),
        key: match said(was) {
            // A name that looks like a position is none.
            Some(name) if !was.is_ambiguous => step(None, "name", name),
            _ => position(was).into(),
        },
    }
}

/// The name of a member, or its title.
fn said<'a>(member: &Member<'a>) -> Option<&'a str> {
    let title = member.shape.words(Words::Title).first();
    let title = title.and_then(|it| it.as_str());
    member.shape.name.or(title)
}

fn hash_of(it: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    it.hash(&mut hasher);
    hasher.finish()
}

/// A hash that is equal for schemas that mean the same; annotations do not count.
fn signature<'a>(document: Document<'a>, shape: &Shape<'a>, hops: usize) -> Read<'a, u64> {
    let mut hasher = DefaultHasher::new();
    let has_null = shape.is_nullable();
    (shape.is_false, has_null, &shape.types, &shape.required).hash(&mut hasher);
    for (name, parts) in &shape.properties {
        (name, nested(document, parts, hops)?).hash(&mut hasher);
    }
    if let Some(values) = &shape.values {
        unordered(values.allowed.iter().map(|it| hash_of(canonical(it)))).hash(&mut hasher);
    }
    for bound in Bound::ALL {
        let number = shape.bound(bound).map(|it| it.number.clone());
        number.hash(&mut hasher);
    }
    shape.plain(Plain::Format).hash(&mut hasher);
    shape.flag(Plain::UniqueItems).hash(&mut hasher);
    for texts in [
        &shape.patterns,
        &shape.multiples,
        &shape.denials,
        &shape.conditions.iter().map(|it| it.when).collect(),
    ] {
        unordered(texts.iter().map(|it| hash_of(canonical(it)))).hash(&mut hasher);
    }
    for parts in &shape.prefix {
        nested(document, parts, hops)?.hash(&mut hasher);
    }
    for inner in [
        Inner::Items,
        Inner::AdditionalProperties,
        Inner::Contains,
        Inner::PropertyNames,
    ] {
        if let Some(parts) = shape.inner(inner) {
            (inner as usize, nested(document, parts, hops)?).hash(&mut hasher);
        }
    }
    for by_name in [&shape.pattern_properties, &shape.dependent_schemas] {
        for (name, parts) in by_name {
            (name, nested(document, parts, hops)?).hash(&mut hasher);
        }
    }
    shape.dependent_required.hash(&mut hasher);
    for choice in &shape.choices {
        let members = choice.members.iter();
        let members: Vec<_> = members
            .map(|it| nested(document, &Parts::of(it), hops))
            .collect::<Read<'a, _>>()?;
        let members = unordered(members.into_iter());
        (choice.composition as usize, members).hash(&mut hasher);
    }
    Ok(hasher.finish())
}

/// Beyond the first reference only its name counts, or a short document could take very long.
fn nested<'a>(document: Document<'a>, parts: &Parts<'a>, hops: usize) -> Read<'a, u64> {
    let shape = Shape::read(document, parts)?;
    match (shape.is_referred, hops) {
        (false, _) => signature(document, &shape, hops),
        (true, 0) => signature(document, &shape, 1),
        (true, _) => Ok(shape.name.map_or_else(|| hash_of(parts.home()), hash_of)),
    }
}

fn unordered(hashes: impl Iterator<Item = u64>) -> u64 {
    hashes.fold(0, u64::wrapping_add)
}
