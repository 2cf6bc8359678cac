//! Tests a program without PaySsam: `cargo run --features sandbox --example sandbox`.

use payssam::{BillId, BillState, Cancel, Error, Won, sandbox::Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (id, price) = (BillId::new("2024-0001")?, Won::new(45_000)?);
    sandbox.add_bill(id.clone(), price)?;
    sandbox.pay(&id)?;

    let client = sandbox.client()?;
    client
        .bills()
        .cancel(Cancel::new(id.clone(), price))
        .await?;

    let bill = client.bills().read(&id).await?;
    assert_eq!(*bill.state(), BillState::Cancelled);
    println!("{bill:#?}");
    println!(
        "{} requests came to {}",
        sandbox.requests().len(),
        sandbox.base_url()
    );
    Ok(())
}
