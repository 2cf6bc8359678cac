//! What every store of claims promises.

use std::{fmt::Debug, sync::Arc, time::Duration};

use payssam::callback::{Claim, Claimed, PaymentKey, Seen};
use serde_json::Value;
use tokio::{task::JoinSet, time::sleep};

use super::payments::{cancellation, payment, payment_of};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// A claim that must be ours.
pub async fn claimed<S: Seen<Error: Debug>>(seen: &S, key: &PaymentKey, lease: Duration) -> Claim {
    match seen.claim(key, lease).await.unwrap() {
        Claimed::Yours(claim) => claim,
        other => panic!("{other:?}"),
    }
}

/// Claims the same payment at the same time, and says how often it was ours, in progress and booked.
async fn at_once<S>(seen: &Arc<S>, key: &PaymentKey) -> (Vec<Claim>, usize, usize)
where
    S: Seen<Error: Debug> + Send + Sync + 'static,
{
    let mut claims = JoinSet::new();
    for _ in 0..16 {
        let (seen, key) = (seen.clone(), key.clone());
        claims.spawn(async move { seen.claim(&key, HOUR).await.unwrap() });
    }
    let (mut ours, mut in_progress, mut booked) = (Vec::new(), 0, 0);
    for claimed in claims.join_all().await {
        match claimed {
            Claimed::Yours(claim) => ours.push(claim),
            Claimed::InProgress => in_progress += 1,
            Claimed::Booked => booked += 1,
        }
    }
    (ours, in_progress, booked)
}

/// Tries out an empty store. `again` is another handle to it, such as that of another process.
pub async fn keeps_its_promises<S>(seen: S, again: S)
where
    S: Seen<Error: Debug> + Send + Sync + 'static,
{
    let (seen, again) = (Arc::new(seen), Arc::new(again));
    given_once_and_booked_for_good(&seen, &again).await;
    never_gives_a_token_twice(&seen, &again).await;
    ends_with_its_lease(&seen, &again).await;
    lasts_when_renewed(&seen, &again).await;
}

async fn given_once_and_booked_for_good<S>(seen: &Arc<S>, again: &Arc<S>)
where
    S: Seen<Error: Debug> + Send + Sync + 'static,
{
    // The same bill id of other merchants, and its cancellation, are something else.
    let others = [
        payment().await.key().clone(),
        payment_of("mapo", Value::Null).await.key().clone(),
        cancellation().await.key().clone(),
    ];
    for key in others {
        let (ours, in_progress, booked) = at_once(seen, &key).await;
        assert_eq!((ours.len(), in_progress, booked), (1, 15, 0), "{key:?}");
        let claim = &ours[0];
        assert_eq!(claim.key(), &key);
        let elsewhere = again.claim(&key, HOUR).await.unwrap();
        assert_eq!(elsewhere, Claimed::InProgress);
        assert!(again.mark_booked(claim).await.unwrap());
        assert!(seen.mark_booked(claim).await.unwrap(), "repeated");
        seen.release(claim).await.unwrap();
        assert!(!seen.renew(claim, HOUR).await.unwrap());
        let (ours, in_progress, booked) = at_once(seen, &key).await;
        assert_eq!((ours.len(), in_progress, booked), (0, 0, 16), "{key:?}");
    }
}

async fn never_gives_a_token_twice<S: Seen<Error: Debug>>(seen: &S, again: &S) {
    let key = payment_of("tokens", Value::Null).await.key().clone();
    let mut stale: Vec<Claim> = Vec::new();
    for _ in 0..3 {
        let claim = claimed(seen, &key, HOUR).await;
        assert!(stale.iter().all(|old| old.token() < claim.token()));
        for old in &stale {
            again.release(old).await.unwrap();
            assert!(!again.renew(old, HOUR).await.unwrap());
            assert!(!again.mark_booked(old).await.unwrap());
        }
        let meanwhile = again.claim(&key, HOUR).await.unwrap();
        assert_eq!(meanwhile, Claimed::InProgress);
        again.release(&claim).await.unwrap();
        assert!(!again.mark_booked(&claim).await.unwrap(), "released");
        stale.push(claim);
    }
    let never = Claim::new(key.clone(), i64::MAX);
    assert!(!seen.mark_booked(&never).await.unwrap());
    let claim = claimed(again, &key, HOUR).await;
    assert!(seen.mark_booked(&claim).await.unwrap());
}

async fn ends_with_its_lease<S: Seen<Error: Debug>>(seen: &S, again: &S) {
    let key = payment_of("lease", Value::Null).await.key().clone();
    let lease = Duration::from_millis(50);
    let old = claimed(seen, &key, lease).await;
    sleep(2 * lease).await;
    assert!(!seen.mark_booked(&old).await.unwrap(), "its lease ended");
    assert!(!seen.renew(&old, HOUR).await.unwrap());
    let new = claimed(again, &key, HOUR).await;
    assert!(new.token() > old.token());
    assert!(!seen.mark_booked(&old).await.unwrap(), "taken over");
    seen.release(&old).await.unwrap();
    assert!(again.mark_booked(&new).await.unwrap());
    assert!(!seen.mark_booked(&old).await.unwrap());
}

async fn lasts_when_renewed<S: Seen<Error: Debug>>(seen: &S, again: &S) {
    let key = payment_of("renewed", Value::Null).await.key().clone();
    let lease = Duration::from_secs(2);
    let claim = claimed(seen, &key, lease).await;
    assert!(again.renew(&claim, HOUR).await.unwrap());
    sleep(lease + Duration::from_millis(200)).await;
    let meanwhile = again.claim(&key, HOUR).await.unwrap();
    assert_eq!(meanwhile, Claimed::InProgress);
    assert!(seen.mark_booked(&claim).await.unwrap());
    let longest = payment_of("longest", Value::Null).await.key().clone();
    let claim = claimed(seen, &longest, Duration::MAX).await;
    assert!(seen.renew(&claim, Duration::MAX).await.unwrap());
    let meanwhile = again.claim(&longest, HOUR).await.unwrap();
    assert_eq!(meanwhile, Claimed::InProgress);
}
