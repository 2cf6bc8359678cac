//! The code of `docs/ledger.md`, run.

use std::{collections::HashMap, sync::Arc};

use crate::support::{File, HOUR, World, bill, bill_to, builder, quick, won};
use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
    routing::post,
};
use payssam::{
    BillId, BillState, CancelBill, Client, DestroyBill, SendBill, Won, callback::retry_later,
};
use payssam_ledger::{
    Event, EventKind, Intent, IntentState, Ledger, Merchant, Reference, Watch,
    rusqlite::{self, Connection, Transaction},
};
use tokio::task::spawn_blocking;

type Error = Box<dyn std::error::Error + Send + Sync>;

#[derive(Clone)]
struct App {
    ledger: Ledger,
    clients: Arc<HashMap<String, Client>>,
}

impl App {
    fn client(&self, merchant: &str, secret: &str) -> Option<&Client> {
        self.clients
            .get(merchant)
            .filter(|_| secret == "3f9c0a417be2")
    }
}

// What follows is in the guide, word for word.
async fn on_callback(
    State(app): State<App>,
    Path((merchant, secret)): Path<(String, String)>,
    body: Bytes,
) -> impl IntoResponse {
    // Whoever does not know the secret of the address is a stranger.
    let Some(client) = app.client(&merchant, &secret) else {
        return (StatusCode::NOT_FOUND, [(CONTENT_TYPE, "text/plain")], "");
    };
    let merchant = Merchant::from(client.credentials());
    // It writes to the disk, so it may block.
    let received = spawn_blocking(move || app.ledger.receive(&merchant, body)).await;
    let response = match received {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => error.response(),
        Err(_) => retry_later(),
    };
    let status = StatusCode::from_u16(response.http_status()).unwrap_or_default();
    (
        status,
        [(CONTENT_TYPE, response.content_type())],
        response.body(),
    )
}

fn book(event: &Event, tx: &mut Transaction<'_>) -> rusqlite::Result<()> {
    let won = event.amount().map_or(0, i64::from);
    let won = match event.kind() {
        EventKind::Paid => won,
        // The money went back. If its payment was never booked, there is nothing to take back.
        EventKind::Cancelled if event.payment_booked() => -won,
        // `Mismatch` and `DestroyedElsewhere` are for a person to look at.
        _ => 0,
    };
    tx.execute(
        "INSERT INTO income (merchant, bill, kind, won, order_id) VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            event.merchant().merchant(),
            event.bill_id().as_str(),
            event.kind().as_str(),
            won,
            event.reference(),
        ),
    )?;
    Ok(())
}

async fn close_month(
    ledger: &Ledger,
    client: &Client,
    unpaid: Vec<(BillId, Won)>,
) -> Result<Vec<BillId>, Error> {
    let mut still_open = Vec::new();
    for (id, price) in unpaid {
        let destroy = DestroyBill::new(id.clone(), price);
        let intent = ledger.destroy(client, &destroy).await?;
        if intent.state() != IntentState::Done {
            still_open.push(id);
        }
    }
    Ok(still_open)
}

async fn reissue(
    ledger: &Ledger,
    client: &Client,
    old: &DestroyBill,
    new: &SendBill,
) -> Result<Option<Intent>, Error> {
    match ledger.destroy(client, old).await?.state() {
        IntentState::Done => Ok(Some(ledger.send(client, new).await?)),
        // It may be paid, or nobody knows yet: send nothing.
        _ => Ok(None),
    }
}

fn notice_double_payment(event: &Event, tx: &mut Transaction<'_>) -> rusqlite::Result<()> {
    if event.kind() != EventKind::Paid {
        return Ok(());
    }
    let key = (
        event.bill_id().as_str(),
        event.reference(),
        event.amount().map(i64::from),
    );
    let is_paid: bool = tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM payments WHERE order_id = ?1)",
        [event.reference()],
        |row| row.get(0),
    )?;
    let table = if is_paid { "refunds" } else { "payments" };
    tx.execute(
        &format!("INSERT INTO {table} (bill, order_id, won) VALUES (?1, ?2, ?3)"),
        key,
    )?;
    Ok(())
}

async fn refund(ledger: &Ledger, client: &Client, bill: BillId, won: Won) -> Result<bool, Error> {
    // Asked for again, it is the same intent: two processes make one cancellation.
    let cancel = CancelBill::new(bill, won).reason("중복 결제")?;
    Ok(ledger.cancel(client, &cancel).await?.state() == IntentState::Done)
}

async fn work_for_all(ledger: &Ledger, client: &Client, merchants: &[&str]) -> Result<(), Error> {
    let clients: Result<Vec<Client>, _> = merchants
        .iter()
        .map(|merchant| client.with_merchant(merchant))
        .collect();
    Ok(ledger.run_due(clients?, book).await?)
}

async fn take_over(ledger: &Ledger, client: &Client, id: BillId, price: Won) -> Result<(), Error> {
    let merchant = Merchant::from(client.credentials());
    let watch = Watch::new(id, price).reference("order 4711");
    Ok(ledger.watch(&merchant, watch).await?)
}

fn back_up(books: &Connection, to: &std::path::Path) -> Result<(), Error> {
    // The copy holds what the books hold: it is for its owner alone.
    let mut file = std::fs::OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    file.open(to)?;
    books.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
    Ok(())
}

const INCOME: &str = "CREATE TABLE income (merchant, bill, kind, won INTEGER, order_id);
    CREATE TABLE payments (bill, order_id, won); CREATE TABLE refunds (bill, order_id, won);";

fn income(books: &Connection) -> i64 {
    let sum = "SELECT COALESCE(SUM(won), 0) FROM income";
    books.query_row(sum, (), |row| row.get(0)).unwrap()
}

async fn world() -> World {
    let world = World::new().await;
    world.file.connect().execute_batch(INCOME).unwrap();
    world
}

async fn work(world: &World) {
    let clients = [world.client.clone()];
    world.ledger.run_due(clients, book).await.unwrap();
}

#[test]
fn every_recipe_of_the_guide_is_code_that_a_test_runs() {
    let guide = include_str!("../../docs/ledger.md");
    let code = include_str!("recipes.rs");
    let recipes: Vec<_> = guide.split("```rust\n").skip(1).collect();
    assert!(recipes.len() >= 8);
    for recipe in recipes {
        let recipe = recipe.split("```").next().unwrap();
        assert!(code.contains(recipe), "{recipe}");
    }
}

#[tokio::test]
async fn a_web_service_books_a_payment_from_its_callback() {
    let world = world().await;
    let name = world.merchant.merchant().to_owned();
    let app = App {
        ledger: world.ledger.clone(),
        clients: Arc::new([(name.clone(), world.client.clone())].into()),
    };
    let routes = Router::new()
        .route("/payssam/{merchant}/{secret}", post(on_callback))
        .with_state(app);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, routes).into_future());
    let url = format!("http://{address}/payssam/{name}/3f9c0a417be2");
    let send = bill_to("1", &url).reference("order 4711");
    let sent = world.ledger.send(&world.client, &send).await.unwrap();
    assert_eq!(sent.state(), IntentState::Done);
    world.mock.pay(sent.bill_id()).unwrap();
    world.mock.wait_until_idle().await;
    assert!(world.mock.callbacks()[0].is_acknowledged());
    work(&world).await;
    assert_eq!(income(&world.file.connect()), 45_000);
    let stranger = format!("http://{address}/payssam/{name}/guessed");
    world
        .mock
        .forge_callback(&stranger, sent.bill_id(), won(1))
        .unwrap();
    world.mock.wait_until_idle().await;
    let forged = world.mock.callbacks().pop().unwrap();
    assert_eq!(forged.http_status(), Some(404));
}

#[tokio::test]
async fn at_the_end_of_the_month_what_nobody_paid_is_destroyed() {
    let world = world().await;
    for id in ["1", "2"] {
        world.sent(id).await;
    }
    let [one, two] = ["1", "2"].map(|id| BillId::new(id).unwrap());
    // It is paid at the last moment.
    world.mock.pay(&two).unwrap();
    let unpaid = vec![(one.clone(), won(45_000)), (two.clone(), won(45_000))];
    let open = close_month(&world.ledger, &world.client, unpaid).await;
    assert_eq!(open.unwrap(), [two]);
    assert_eq!(
        *world.mock.bill(&one).unwrap().state(),
        BillState::Destroyed
    );
    world.advance(HOUR);
    work(&world).await;
    assert_eq!(income(&world.file.connect()), 45_000);
}

#[tokio::test]
async fn a_bill_is_reissued_only_when_the_old_one_is_destroyed() {
    let world = world().await;
    let old = world.sent("1").await;
    let paid = world.sent("2").await;
    world.mock.pay(&paid).unwrap();
    let destroy = |id| DestroyBill::new(id, won(45_000));
    let (again, destroy_old) = (bill("1-again"), destroy(old));
    let new = reissue(&world.ledger, &world.client, &destroy_old, &again).await;
    assert_eq!(new.unwrap().unwrap().state(), IntentState::Done);
    let (again, destroy_paid) = (bill("2-again"), destroy(paid));
    let none = reissue(&world.ledger, &world.client, &destroy_paid, &again).await;
    assert!(none.unwrap().is_none());
    assert!(world.mock.bill(&BillId::new("2-again").unwrap()).is_none());
}

#[tokio::test]
async fn a_double_payment_is_refunded_once() {
    let world = world().await;
    for id in ["1", "2"] {
        let send = bill(id).reference("order 7");
        let sent = world.ledger.send(&world.client, &send).await.unwrap();
        world.mock.pay(sent.bill_id()).unwrap();
    }
    world.advance(HOUR);
    let clients = [world.client.clone()];
    world
        .ledger
        .run_due(clients, notice_double_payment)
        .await
        .unwrap();
    let (id, price): (String, i64) = world
        .file
        .connect()
        .query_row("SELECT bill, won FROM refunds", (), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let (id, price) = (BillId::new(id).unwrap(), won(price as u64));
    for _ in 0..2 {
        let refunded = refund(&world.ledger, &world.client, id.clone(), price).await;
        assert!(refunded.unwrap());
    }
    assert_eq!(world.mock.bill(&id).unwrap().cancellations(), 1);
    let other = BillId::new(if id.as_str() == "1" { "2" } else { "1" }).unwrap();
    assert!(*world.mock.bill(&other).unwrap().state() == BillState::Paid);
}

#[tokio::test]
async fn one_worker_serves_several_merchants() {
    let world = world().await;
    for merchant in ["gangnam", "mapo"] {
        let mock = world.mock.with_merchant(merchant).unwrap();
        let client = quick(&mock);
        let id = BillId::new("1").unwrap();
        mock.add_bill(id.clone(), won(45_000)).unwrap();
        mock.pay(&id).unwrap();
        take_over(&world.ledger, &client, id, won(45_000))
            .await
            .unwrap();
    }
    work_for_all(&world.ledger, &world.client, &["gangnam", "mapo"])
        .await
        .unwrap();
    assert_eq!(income(&world.file.connect()), 90_000);
}

#[tokio::test]
async fn a_backup_that_is_restored_books_what_it_does_not_hold_and_nothing_twice() {
    let world = world().await;
    for id in ["1", "2"] {
        let id = world.sent(id).await;
        world.mock.pay(&id).unwrap();
        if id.as_str() == "1" {
            world.advance(HOUR);
            work(&world).await;
            assert_eq!(income(&world.file.connect()), 45_000);
        }
    }
    let copy = File::new();
    back_up(&world.file.connect(), &copy.0).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        let mode = std::fs::metadata(&copy.0).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    world.advance(HOUR);
    work(&world).await;
    assert_eq!(income(&world.file.connect()), 90_000);
    // The file beside it is lost, and with it the key of digests.
    let restored = builder(&copy.0, &world.clock).open().unwrap();
    assert_eq!(income(&copy.connect()), 45_000);
    restored
        .run_due([world.client.clone()], book)
        .await
        .unwrap();
    assert_eq!(income(&copy.connect()), 90_000);
    // The same request is still the same intent.
    let again = restored.send(&world.client, &bill("1")).await.unwrap();
    assert_eq!(again.state(), IntentState::Done);
}
