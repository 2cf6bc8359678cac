//! Tests a program without PaySsam: `cargo run --example mock_server`.

use payssam::{BillId, CancelBill, Error, Won};
use payssam_mock::MockServer;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let mock = MockServer::start().await?;
    let (id, price) = (BillId::new("2024-0001")?, Won::new(45_000)?);
    mock.add_bill(id.clone(), price)?;
    mock.pay(&id)?;

    let client = mock.client()?;
    let cancel = CancelBill::new(id.clone(), price);
    client.bills().cancel(&cancel).await?;

    let bill = client.bills().read(&id).await?;
    assert!(bill.is_cancelled());
    println!("{bill:#?}");
    println!(
        "{} requests came to {}",
        mock.requests().len(),
        mock.base_url()
    );
    Ok(())
}
