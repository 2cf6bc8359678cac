//! All bills, and the form that sends one.

use maud::{Markup, html};
use payssam::{BillId, BillState};

use super::{
    act, badge,
    call::Call,
    handle::Face,
    layout::{self, Page, Place},
    merchants::Merchants,
    visit::{Visit, bill_page_of},
    words::Words,
    written,
};
use crate::{bill::MockBill, bill_filter::BillFilter, key::Key, partner, state::State};

/// How many bills a page has.
const ROWS: usize = 100;

/// The bills of a page, and how many there are besides.
struct Found<'s> {
    rows: Vec<(&'s Key, &'s MockBill)>,
    /// How many there are in each state.
    counts: [usize; 4],
    /// How many fit.
    total: usize,
    from: usize,
}

/// The first page.
pub(super) fn show(face: &Face, visit: &Visit) -> Page {
    let state = face.state.lock();
    let words = visit.words;
    let merchants = Merchants::of(&state);
    let has_bills = state.service.store.bills().next().is_some();
    let panel = html! {
        details.panel open[!has_bills] {
            summary { (words.send_a_bill) }
            (send(face, visit, &state, &merchants))
        }
    };
    let content = html! {
        // Where it is out of the way, and not behind a hundred rows.
        @if has_bills { (panel) }
        (list(visit, &state, &merchants, has_bills))
        @if !has_bills { (panel) }
        details.panel open[!has_bills] { summary { (words.connect) } (connection(visit, &state)) }
    };
    layout::page(face, visit, &state, Place::Bills, words.bills, &content)
}

fn find<'s>(visit: &Visit, state: &'s State) -> Found<'s> {
    // One that there is not has no bills.
    let wanted = visit.get("state").map(BillState::from);
    let text = visit.get("text").unwrap_or_default();
    let filter = BillFilter::new(visit.scope(), None, text);
    let mut found = Found {
        rows: Vec::new(),
        counts: [0; 4],
        total: 0,
        from: visit.number("from").unwrap_or(0) as usize,
    };
    for (key, bill) in state.service.store.bills() {
        if !filter.fits(key, bill) {
            continue;
        }
        let known = badge::STATES.iter().position(|known| known == bill.state());
        found.counts[known.unwrap_or(0)] += 1;
        if wanted.as_ref().is_some_and(|wanted| wanted != bill.state()) {
            continue;
        }
        if found.total >= found.from && found.rows.len() < ROWS {
            found.rows.push((key, bill));
        }
        found.total += 1;
    }
    found
}

fn list(visit: &Visit, state: &State, merchants: &Merchants, has_bills: bool) -> Markup {
    let words = visit.words;
    let found = find(visit, state);
    let wanted = visit.get("state").map(BillState::from);
    html! {
        form #filter .filter method="get" action="/" role="search" {
            div.field {
                label for="text" { (words.search) }
                input #text type="search" name="text" value=[visit.get("text")] autocomplete="off";
            }
            (merchants.field(words, "whose", visit.get("whose").unwrap_or_default(), words.all_merchants))
            @if let Some(state) = visit.get("state") { input type="hidden" name="state" value=(state); }
            button.quiet { (words.filter) }
        }
        div #list data-live {
            @if has_bills { (states(visit, &found, wanted.as_ref())) }
            @if !has_bills {
                section #empty .empty {
                    h2 { (words.no_bills_yet) }
                    p { (words.how_bills_come) }
                    p { (words.or_by_command) }
                    (act::code(visit, &example().command(&visit.origin)))
                }
            } @else if found.rows.is_empty() {
                section #none .empty {
                    p { (words.none_fit) }
                    p { a href="/" { (words.all_bills) } }
                }
            } @else {
                (table(words, state, &found, merchants))
                (pages(visit, &found))
            }
        }
    }
}

fn states(visit: &Visit, found: &Found<'_>, wanted: Option<&BillState>) -> Markup {
    let words = visit.words;
    let one = |state: Option<&BillState>, word: &str, count: usize| {
        let value = state.map(badge::letter);
        let class = value.unwrap_or("all");
        html! {
            li {
                a.state.(class) href=(visit.with("state", value)) data-filter
                    aria-current=[(state == wanted).then_some("true")] {
                    (word) " " span.count { (written::grouped(count as u64)) }
                }
            }
        }
    };
    html! {
        ul #states .states aria-label=(words.states) {
            (one(None, words.all, found.counts.iter().sum()))
            @for (state, count) in badge::STATES.iter().zip(found.counts) {
                (one(Some(state), badge::word(words, state), count))
            }
        }
    }
}

fn table(words: &Words, state: &State, found: &Found<'_>, merchants: &Merchants) -> Markup {
    let columns = [
        words.bill_id,
        words.product,
        words.payer,
        words.price,
        words.state,
        words.expiry,
        words.last_event,
    ];
    html! {
        div #table .scroller {
            table role="table" {
                caption.seen-by-readers { (words.bills) }
                thead role="rowgroup" { tr role="row" { @for column in columns { th role="columnheader" scope="col" { (column) } } } }
                tbody #rows data-live role="rowgroup" {
                    @for (key, bill) in &found.rows { (row(words, state, key, bill, merchants.part(key))) }
                }
            }
        }
    }
}

fn row(words: &Words, state: &State, key: &Key, bill: &MockBill, whose: Option<Markup>) -> Markup {
    let address = bill_page_of(key);
    let last = bill.history().last();
    html! {
        tr id=(format!("row{address}")) role="row" {
            td.id role="cell" {
                a href=(address) { (written::short(key.bill_id())) }
                @if let Some(whose) = whose { span.whose { (whose) } }
            }
            td.product role="cell" { (written::short_or_dash(&bill.product)) }
            td.payer role="cell" { (written::short_or_dash(&bill.payer)) }
            td.price role="cell" { (written::won(words, bill.price())) }
            td.state role="cell" { (badge::of(words, bill, state)) }
            td.expiry role="cell" {
                @match bill.last_day { Some(day) => (day), None => span.none { (words.no_expiry) } }
            }
            td.last role="cell" {
                @if let Some(last) = last { span.event { (badge::event(words, last.event())) } " " (written::time(last.at())) }
            }
        }
    }
}

fn pages(visit: &Visit, found: &Found<'_>) -> Markup {
    let words = visit.words;
    let last = found.from + found.rows.len();
    let before = found.from.saturating_sub(ROWS).to_string();
    html! {
        nav #pages .pages aria-label=(words.pages) {
            @if found.from > 0 {
                a href=(visit.with("from", Some(&before).filter(|from| *from != "0").map(|from| &**from))) rel="prev" { (words.newer) }
            }
            span { (written::grouped(found.from as u64 + 1)) "–" (written::grouped(last as u64)) " / " (written::grouped(found.total as u64)) }
            @if last < found.total { a href=(visit.with("from", Some(&last.to_string()))) rel="next" { (words.older) } }
        }
    }
}

/// How a program finds the mock server.
fn connection(visit: &Visit, state: &State) -> Markup {
    let words = visit.words;
    let (member, merchant) = &state.default_merchant;
    let partner = state.service.partners.all().first();
    let is_public = partner.is_some_and(|partner| partner.api_key == partner::WELL_KNOWN_KEY);
    html! {
        dl.connection {
            div { dt { (words.base_url) } dd { code { (visit.origin) "/partner" } } }
            div {
                dt { (words.api_key) }
                dd { @if is_public { code { (partner::WELL_KNOWN_KEY) } } @else { (words.own_key) } }
            }
            div { dt { "member" } dd { code { (payssam::redact::escape(member)) } } }
            div { dt { "merchant" } dd { code { (payssam::redact::escape(merchant)) } } }
        }
    }
}

fn example() -> Call {
    let bill = serde_json::json!({"bill_id": "2024-0001", "price": 45000, "product": "수강료", "payer": "김하나"});
    Call::post("/bills", bill)
}

fn send(face: &Face, visit: &Visit, state: &State, merchants: &Merchants) -> Markup {
    let words = visit.words;
    html! {
        form.send method="post" action=(act::path("send")) {
            (act::token(face))
            div.fields {
                (field("bill_id", words.bill_id, "text", &free_id(state), true, None))
                (field("price", words.price_in_won, "text", "45000", true, None))
                (field("product", words.product, "text", words.example_product, false, None))
                (field("payer", words.payer, "text", words.example_payer, false, None))
                (field("expires_on", words.expiry, "date", "", false, None))
                (field("callback_url", words.callback_url, "text", "", false, Some("http://127.0.0.1:8080/payssam")))
                (merchants.field(words, "send-whose", "", words.first_merchant))
            }
            button.main { (words.send) }
        }
        (act::example(visit, &example()))
    }
}

fn field(
    name: &str,
    label: &str,
    kind: &str,
    value: &str,
    is_required: bool,
    example: Option<&str>,
) -> Markup {
    let id = format!("send-{name}");
    let mode = (name == "price").then_some("numeric");
    html! {
        div.field {
            label for=(id) { (label) }
            input id=(id) name=(name) type=(kind) value=(value) required[is_required] placeholder=[example]
                inputmode=[mode] autocomplete="off" spellcheck="false";
        }
    }
}

/// An id that nobody has used for a bill of the first merchant.
fn free_id(state: &State) -> String {
    let count = state.service.store.bills().count();
    let (member, merchant) = &state.default_merchant;
    let partner = &state.service.partners.all()[0].name;
    (count + 1..)
        .map(|number| format!("desk-{number:04}"))
        .find(|id| {
            let key = Key::new(partner, member, merchant, id);
            state.service.store.bill(&key).is_none() && BillId::new(id).is_ok()
        })
        .unwrap_or_default()
}
