//! Which pairs of schemas were compared, what changed in each, and what lies inside what.
//!
//! A pair is compared once, however often the documents refer to it; only then are the changes
//! spread over the operations that reach them. So the cost is that of the documents and of what is
//! reported, not that of the references written out.

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value;

use super::difference::compare_schemas;
use super::document::{Document, Problem, Read};
use super::fact::{At, Change, Fact, Kind, Place, Scope};

/// How often one pair is reported under one root: enough for a type that is used in several
/// places, and an end for types that contain each other.
const REPEATS: u8 = 8;

/// How many steps a reported path may have.
const MAX_STEPS: usize = 256;

type Index = u32;

/// One step of a path.
#[derive(Clone, Debug)]
pub(super) enum Step<'a> {
    /// Into a part that describes the same value, such as a member of `allOf`.
    Stay,
    Property(&'a str),
    /// Into something without a name of its own: `items`, or a member of `oneOf`.
    Part(Rc<str>),
    /// Into what must not hold. What is wider there is narrower here, so the changes inside are
    /// told as one change of the whole.
    Denial,
}

/// Who carries a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    Both,
    AnswersOnly,
    RequestsOnly,
}

/// What a comparison of two schemas leaves to be compared.
#[derive(Debug)]
pub(super) struct Inside<'a> {
    pub step: Step<'a>,
    pub carrier: Carrier,
    pub old: &'a Value,
    pub new: &'a Value,
}

/// A change of one schema, or of a property that stands in it.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub property: Option<(&'a str, Carrier)>,
    pub change: Change<'a>,
}

#[derive(Debug, Default)]
pub(super) struct Comparison<'a> {
    pub found: Vec<Found<'a>>,
    pub inside: Vec<Inside<'a>>,
}

/// Where comparing starts: the schema of a body, a parameter or a header.
pub(super) struct Root<'a> {
    pub place: Place,
    pub old: &'a Value,
    pub new: &'a Value,
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

/// Compares what lies under the roots and spreads the changes over them. `limit` is how many
/// there may be.
pub(super) fn spread<'a>(
    old: Document<'a>,
    new: Document<'a>,
    roots: &[Root<'a>],
    limit: usize,
    facts: &mut Vec<Fact<'a>>,
) -> Read<'a, ()> {
    let mut graph = Graph::of(old, new);
    let starts: Vec<_> = roots
        .iter()
        .map(|root| graph.index(root.old, root.new))
        .collect();
    graph.compare()?;
    graph.mark();
    let mut met = vec![0_u8; graph.nodes.len()];
    for (root, start) in roots.iter().zip(starts) {
        graph.report(root, start, &mut met, limit, facts)?;
    }
    Ok(())
}

struct Graph<'a> {
    old: Document<'a>,
    new: Document<'a>,
    nodes: Vec<Node<'a>>,
    pairs: Vec<(&'a Value, &'a Value)>,
    known: HashMap<(usize, usize), Index>,
}

impl<'a> Graph<'a> {
    fn of(old: Document<'a>, new: Document<'a>) -> Self {
        Graph {
            old,
            new,
            nodes: Vec::new(),
            pairs: Vec::new(),
            known: HashMap::new(),
        }
    }

    /// The node of a pair. What only refers to a schema is that schema.
    fn index(&mut self, old: &'a Value, new: &'a Value) -> Index {
        let address =
            |document: Document<'a>, value| std::ptr::from_ref(document.referred(value)).addr();
        let key = (address(self.old, old), address(self.new, new));
        *self.known.entry(key).or_insert_with(|| {
            self.nodes.push(Node::default());
            self.pairs.push((old, new));
            (self.nodes.len() - 1) as Index
        })
    }

    fn compare(&mut self) -> Read<'a, ()> {
        let mut next = 0;
        while let Some(&(before, after)) = self.pairs.get(next) {
            let comparison = compare_schemas(self.old, self.new, before, after)?;
            for inside in comparison.inside {
                let to = self.index(inside.old, inside.new);
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

    /// Walks from the root to every change, the shortest way first.
    fn report(
        &self,
        root: &Root<'a>,
        start: Index,
        met: &mut [u8],
        limit: usize,
        facts: &mut Vec<Fact<'a>>,
    ) -> Read<'a, ()> {
        if !self.nodes[start as usize].leads_to_change {
            return Ok(());
        }
        let mut trail = Trail {
            stops: Vec::new(),
            touched: Vec::new(),
        };
        trail.stop(None, start, root.place.path.clone(), Carrier::Both, 0);
        let mut here = 0;
        while here < trail.stops.len() && facts.len() <= limit {
            let node = &self.nodes[trail.stops[here].pair as usize];
            for found in &node.found {
                facts.push(fact(root, &trail.stops[here], found));
            }
            let steps = trail.stops[here].steps + 1;
            for edge in &node.edges {
                let target = edge.to as usize;
                if !self.nodes[target].leads_to_change || met[target] == REPEATS {
                    continue;
                }
                if matches!(edge.step, Step::Denial) {
                    facts.push(self.denial(root, &trail.stops[here], edge));
                    continue;
                }
                if trail.leads_through(here, edge.to) {
                    continue;
                }
                if steps > MAX_STEPS {
                    return Err(self.new.refuse(self.pairs[target].1, Problem::Deep));
                }
                met[target] += 1;
                trail.touched.push(edge.to);
                let (path, carrier) = trail.step(here, edge);
                trail.stop(Some(here), edge.to, path, carrier, steps);
            }
            here += 1;
        }
        for pair in trail.touched {
            met[pair as usize] = 0;
        }
        Ok(())
    }

    fn denial(&self, root: &Root<'a>, stop: &Stop, edge: &Edge<'a>) -> Fact<'a> {
        let (old, new) = self.pairs[edge.to as usize];
        let change = Change::new(Kind::NotChanged, At::new(new));
        let change = change.before(Some(old)).after(Some(new));
        fact(
            root,
            stop,
            &Found {
                property: None,
                change,
            },
        )
    }
}

struct Stop {
    pair: Index,
    before: Option<usize>,
    path: Option<Rc<str>>,
    carrier: Carrier,
    steps: usize,
}

struct Trail {
    stops: Vec<Stop>,
    touched: Vec<Index>,
}

impl Trail {
    fn stop(
        &mut self,
        before: Option<usize>,
        pair: Index,
        path: Option<Rc<str>>,
        carrier: Carrier,
        steps: usize,
    ) {
        self.stops.push(Stop {
            pair,
            before,
            path,
            carrier,
            steps,
        });
    }

    fn step(&self, here: usize, edge: &Edge<'_>) -> (Option<Rc<str>>, Carrier) {
        let stop = &self.stops[here];
        match &edge.step {
            Step::Stay | Step::Denial => (stop.path.clone(), stop.carrier),
            Step::Property(name) => (Some(joined(stop.path.as_deref(), name)), edge.carrier),
            Step::Part(name) => (Some(joined(stop.path.as_deref(), name)), edge.carrier),
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

fn fact<'a>(root: &Root<'a>, stop: &Stop, found: &Found<'a>) -> Fact<'a> {
    let (path, carrier) = match found.property {
        None => (stop.path.clone(), stop.carrier),
        Some((name, carrier)) => (Some(joined(stop.path.as_deref(), name)), carrier),
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
        ..root.place.clone()
    };
    let change = found.change.clone();
    Fact { place, change }
}

fn property_scope(root: Scope, carrier: Carrier) -> Scope {
    let is_request = matches!(root, Scope::RequestBody | Scope::RequestParameter);
    match (is_request, carrier) {
        (true, Carrier::AnswersOnly) => Scope::RequestReadOnlyProperty,
        (true, _) => Scope::RequestProperty,
        (false, Carrier::RequestsOnly) => Scope::ResponseWriteOnlyProperty,
        (false, _) => Scope::ResponseProperty,
    }
}
