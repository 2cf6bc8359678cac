//! Compares pairs of schemas, each once, and spreads the changes over the operations that use
//! them.
//!
//! The cost grows with the documents and with the report, not with the number of references.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use super::comparison::{Carrier, Found, Inside, Step};
use super::difference::compare_schemas;
use super::document::{Document, Problem, Read};
use super::fact::{At, Change, Content, Fact, Place, step};
use super::parts::Parts;
use super::unchanged::Unchanged;
use rustc_hash::FxHashMap;

use crate::finding::{Kind, Scope};
use crate::rules::rule;

/// How often one pair is reported under one root. More places are reported as
/// [`Kind::FurtherPlaces`].
const REPEATS: u16 = 1_000;

/// The same where references multiply, which shows in more than [`WAYS`] under one root or in more
/// facts than there may be: a few of those places are enough to read.
const FEW_REPEATS: u16 = 8;
const WAYS: usize = 10_000;

/// How many steps a reported path may have.
const MAX_STEPS: usize = 256;

type Index = u32;

/// What identifies some schemas of one document.
type Key = (usize, Vec<usize>);

/// Where comparing starts: the schema of a body, a parameter or a header.
pub(super) struct Root<'a> {
    pub place: Place,
    /// Whether all values are text on the wire, as in a form.
    pub is_text: bool,
    pub old: Parts<'a>,
    pub new: Parts<'a>,
}

struct Edge<'a> {
    to: Index,
    step: Step<'a>,
    carrier: Carrier,
}

#[derive(Default)]
struct Node<'a> {
    found: Vec<Found<'a>>,
    edges: Vec<Edge<'a>>,
    from: Vec<Index>,
    leads_to_change: bool,
}

/// Compares everything under the roots and spreads the changes over them. `limit` is how many
/// there may be.
pub(super) fn spread<'a>(
    old: Document<'a>,
    new: Document<'a>,
    unchanged: &mut Unchanged,
    roots: &[Root<'a>],
    limit: usize,
    facts: &mut Vec<Fact<'a>>,
) -> Read<'a, ()> {
    let mut graph = Graph::of(old, new);
    let mut starts = Vec::new();
    for root in roots {
        if let Some(start) = graph.index(unchanged, &root.old, &root.new) {
            starts.push((root, start));
        }
    }
    graph.compare(unchanged)?;
    graph.mark();
    for (node, (old, new)) in graph.nodes.iter().zip(&graph.pairs) {
        if node.leads_to_change {
            for (document, parts) in [(graph.old, old), (graph.new, new)] {
                parts
                    .iter()
                    .for_each(|it| unchanged.doubt(document.referred(it)));
            }
        }
    }
    let mut met = vec![0_u16; graph.nodes.len()];
    let told = facts.len();
    for repeats in [REPEATS, FEW_REPEATS] {
        facts.truncate(told);
        for (root, start) in &starts {
            graph.report(root, *start, repeats, &mut met, limit, facts)?;
        }
        if facts.len() <= limit {
            break;
        }
    }
    Ok(())
}

struct Graph<'a> {
    old: Document<'a>,
    new: Document<'a>,
    nodes: Vec<Node<'a>>,
    pairs: Vec<(Parts<'a>, Parts<'a>)>,
    known: FxHashMap<(Key, Key), Index>,
}

impl<'a> Graph<'a> {
    fn of(old: Document<'a>, new: Document<'a>) -> Self {
        Graph {
            old,
            new,
            nodes: Vec::new(),
            pairs: Vec::new(),
            known: FxHashMap::default(),
        }
    }

    /// The node of a pair that may differ. What only refers to a schema is that schema.
    fn index(&mut self, unchanged: &Unchanged, old: &Parts<'a>, new: &Parts<'a>) -> Option<Index> {
        if let (Some(before), Some(after)) = (old.only(), new.only())
            && unchanged.holds(before, after)
        {
            return None;
        }
        let key = (old.key(self.old), new.key(self.new));
        let index = *self.known.entry(key).or_insert_with(|| {
            self.nodes.push(Node::default());
            self.pairs.push((old.clone(), new.clone()));
            (self.nodes.len() - 1) as Index
        });
        Some(index)
    }

    fn compare(&mut self, unchanged: &Unchanged) -> Read<'a, ()> {
        let mut next = 0;
        while let Some((before, after)) = self.pairs.get(next) {
            let comparison = compare_schemas(self.old, self.new, unchanged, before, after)?;
            for inside in comparison.inside {
                let Some(to) = self.index(unchanged, &inside.old, &inside.new) else {
                    continue;
                };
                self.nodes[to as usize].from.push(next as Index);
                let Inside { step, carrier, .. } = inside;
                self.nodes[next].edges.push(Edge { to, step, carrier });
            }
            self.nodes[next].found = comparison.found;
            next += 1;
        }
        Ok(())
    }

    /// Marks every pair from which a change can be reached.
    fn mark(&mut self) {
        let mut open: Vec<usize> = Vec::new();
        for (index, node) in self.nodes.iter_mut().enumerate() {
            if !node.found.is_empty() {
                node.leads_to_change = true;
                open.push(index);
            }
        }
        while let Some(index) = open.pop() {
            for from in std::mem::take(&mut self.nodes[index].from) {
                let node = &mut self.nodes[from as usize];
                if !node.leads_to_change {
                    node.leads_to_change = true;
                    open.push(from as usize);
                }
            }
        }
    }

    /// Reports every change at every place under the root, or how many places it leaves out.
    fn report(
        &self,
        root: &Root<'a>,
        start: Index,
        repeats: u16,
        met: &mut [u16],
        limit: usize,
        facts: &mut Vec<Fact<'a>>,
    ) -> Read<'a, ()> {
        if !self.nodes[start as usize].leads_to_change || facts.len() > limit {
            return Ok(());
        }
        let told = facts.len();
        let mut trail = Trail::new(repeats, WAYS);
        let mut result = self.walk(root, start, &mut trail, met, limit, facts);
        if trail.is_cut_short {
            facts.truncate(told);
            trail = Trail::new(FEW_REPEATS, usize::MAX);
            result = self.walk(root, start, &mut trail, met, limit, facts);
        }
        result?;
        self.further(root, &trail, facts);
        Ok(())
    }

    /// Walks from the root to every change, the shortest way first. Only circles are left out
    /// without a count.
    fn walk(
        &self,
        root: &Root<'a>,
        start: Index,
        trail: &mut Trail,
        met: &mut [u16],
        limit: usize,
        facts: &mut Vec<Fact<'a>>,
    ) -> Read<'a, ()> {
        let way = Way {
            path: root.place.path.clone(),
            within: root.place.within.clone(),
            carrier: Carrier::Both,
        };
        trail.stop(None, start, way, 0);
        let mut result = Ok(());
        let mut here = 0;
        'stops: while here < trail.stops.len() && facts.len() <= limit {
            let node = &self.nodes[trail.stops[here].pair as usize];
            for found in &node.found {
                facts.push(fact(root, &trail.stops[here], found));
            }
            let steps = trail.stops[here].steps + 1;
            for edge in &node.edges {
                let target = edge.to as usize;
                if !self.nodes[target].leads_to_change {
                    continue;
                }
                if trail.leads_through(here, edge.to) {
                    continue;
                }
                if met[target] == trail.repeats {
                    trail.leave_out(here, edge);
                    continue;
                }
                if steps > MAX_STEPS || trail.stops.len() > trail.ways {
                    trail.is_cut_short = trail.ways != usize::MAX;
                    result = Err(self.new.refuse(self.pairs[target].1.home(), Problem::Deep));
                    break 'stops;
                }
                met[target] += 1;
                let way = trail.step(here, edge);
                trail.stop(Some(here), edge.to, way, steps);
            }
            here += 1;
        }
        for stop in &trail.stops {
            met[stop.pair as usize] = 0;
        }
        result
    }

    /// Reports how many places of each change were left out.
    fn further(&self, root: &Root<'a>, trail: &Trail, facts: &mut Vec<Fact<'a>>) {
        let mut ways: BTreeMap<Index, (&Stop, u64)> = BTreeMap::new();
        for (start, (stop, count)) in &trail.left_out {
            let mut open = vec![*start];
            let mut seen = HashSet::from([*start]);
            while let Some(pair) = open.pop() {
                let node = &self.nodes[pair as usize];
                if !node.found.is_empty() {
                    ways.entry(pair).or_insert((stop, 0)).1 += count;
                }
                for edge in &node.edges {
                    if self.nodes[edge.to as usize].leads_to_change && seen.insert(edge.to) {
                        open.push(edge.to);
                    }
                }
            }
        }
        for (pair, (stop, count)) in ways {
            let node = &self.nodes[pair as usize];
            let levels = node.found.iter().flat_map(|found| {
                let here = fact(root, stop, found).place.scope;
                let below = property_scope(root.place.scope, Carrier::Both);
                [here, below].map(|scope| rule(found.change.kind, scope).level)
            });
            let Some(worst) = levels.max() else {
                continue;
            };
            let (old, new) = &self.pairs[pair as usize];
            let (old, new) = (self.old.referred(old.home()), self.new.referred(new.home()));
            let change = Change::new(Kind::FurtherPlaces(worst, count), At::new(new));
            let change = change.before(Some(old)).after(Some(new));
            let found = Found {
                property: None,
                change,
            };
            facts.push(fact(root, stop, &found));
        }
    }
}

struct Stop {
    pair: Index,
    before: Option<usize>,
    way: Way,
    steps: usize,
}

/// The way from the operation to a stop.
#[derive(Clone)]
struct Way {
    path: Option<Rc<str>>,
    within: Option<Rc<str>>,
    carrier: Carrier,
}

impl Way {
    fn to_property(&self, name: &str, carrier: Carrier) -> Self {
        Way {
            path: Some(joined(self.path.as_deref(), name)),
            within: Some(step(self.within.as_deref(), "property", name)),
            carrier: inherited(self.carrier, carrier),
        }
    }
}

struct Trail {
    stops: Vec<Stop>,
    /// Pairs that were met too often: the first place that is left out, and the number of such
    /// places.
    left_out: BTreeMap<Index, (Stop, u64)>,
    repeats: u16,
    ways: usize,
    is_cut_short: bool,
}

impl Trail {
    fn new(repeats: u16, ways: usize) -> Self {
        Trail {
            stops: Vec::new(),
            left_out: BTreeMap::new(),
            repeats,
            ways,
            is_cut_short: false,
        }
    }

    fn leave_out(&mut self, here: usize, edge: &Edge<'_>) {
        if let Some((_, count)) = self.left_out.get_mut(&edge.to) {
            *count += 1;
            return;
        }
        let way = self.step(here, edge);
        let stop = Stop {
            pair: edge.to,
            before: Some(here),
            way,
            steps: self.stops[here].steps + 1,
        };
        self.left_out.insert(edge.to, (stop, 1));
    }

    fn stop(&mut self, before: Option<usize>, pair: Index, way: Way, steps: usize) {
        self.stops.push(Stop {
            pair,
            before,
            way,
            steps,
        });
    }

    fn step(&self, here: usize, edge: &Edge<'_>) -> Way {
        let way = &self.stops[here].way;
        match &edge.step {
            Step::Property(name) => way.to_property(name, edge.carrier),
            Step::Part {
                keyword,
                key,
                shown,
            } => Way {
                path: Some(joined(way.path.as_deref(), shown)),
                within: Some(step(way.within.as_deref(), keyword, key)),
                carrier: way.carrier,
            },
        }
    }

    fn leads_through(&self, here: usize, pair: Index) -> bool {
        let mut next = Some(here);
        while let Some(stop) = next.map(|index| &self.stops[index]) {
            if stop.pair == pair {
                return true;
            }
            next = stop.before;
        }
        false
    }
}

fn joined(path: Option<&str>, name: &str) -> Rc<str> {
    match path {
        None => name.into(),
        Some(path) => format!("{path}/{name}").into(),
    }
}

const TEXT: &[&str] = &["string"];
const WRITTEN_AS_TEXT: &[&str] = &["integer", "number", "boolean"];

/// Whether what was a number or a flag is any text now. On the wire of a parameter it was text before.
fn reads_as_text(change: &Change<'_>) -> bool {
    turned(change, WRITTEN_AS_TEXT, TEXT)
}

/// Whether what was any text is a number or a flag now.
fn read_as_text(change: &Change<'_>) -> bool {
    turned(change, TEXT, WRITTEN_AS_TEXT)
}

fn turned(change: &Change<'_>, from: &[&str], to: &[&str]) -> bool {
    let is = |content: &Option<Content<'_>>, names: &[&str]| {
        let value = content.as_ref().and_then(|it| it.value().as_str());
        value.is_some_and(|it| names.contains(&it))
    };
    change.kind == Kind::TypeChanged && is(&change.before, from) && is(&change.after, to)
}

/// What is inside of something that is never sent is never sent either.
fn inherited(outer: Carrier, inner: Carrier) -> Carrier {
    match outer {
        Carrier::Both => inner,
        _ => outer,
    }
}

fn fact<'a>(root: &Root<'a>, stop: &Stop, found: &Found<'a>) -> Fact<'a> {
    let Way {
        path,
        within,
        carrier,
    } = match found.property {
        None => stop.way.clone(),
        Some((name, carrier)) => stop.way.to_property(name, carrier),
    };
    let is_root = path == root.place.path;
    let scope = if is_root {
        root.place.scope
    } else {
        property_scope(root.place.scope, carrier)
    };
    let place = Place {
        scope,
        path,
        within,
        ..root.place.clone()
    };
    let mut change = found.change.clone();
    if root.place.scope == Scope::RequestParameter && root.is_text && reads_as_text(&change) {
        // How a property is written depends on the style of the whole.
        change.kind = match is_root {
            true => Kind::TypeGeneralized,
            false => Kind::TypeChangedToText,
        };
    }
    let is_written_alike = match root.place.scope {
        Scope::RequestBody => reads_as_text(&change),
        Scope::ResponseBody => read_as_text(&change),
        _ => false,
    };
    if root.is_text && is_written_alike {
        change.kind = Kind::TypeCompatible;
    }
    Fact { place, change }
}

fn property_scope(root: Scope, carrier: Carrier) -> Scope {
    let is_request = matches!(root, Scope::RequestBody | Scope::RequestParameter);
    match (is_request, carrier) {
        (true, Carrier::ResponsesOnly) => Scope::RequestReadOnlyProperty,
        (true, _) => Scope::RequestProperty,
        (false, Carrier::RequestsOnly) => Scope::ResponseWriteOnlyProperty,
        (false, _) => Scope::ResponseProperty,
    }
}
