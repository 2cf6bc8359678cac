//! The HTTP server: connections, and the way of a request to its response.

use std::{error::Error as _, future::poll_fn, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract,
    middleware::{self, Next},
    routing::get,
};
use http_body_util::{BodyExt, Limited};
use hyper::{
    Request as HttpRequest, Response as HttpResponse, body::Incoming, http::request::Parts,
    server::conn::http1, service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{sleep, timeout},
};
use tower_service::Service as _;

use crate::{
    abort::Abort,
    clock, control,
    face::{self, Face, Token},
    fault::Fault,
    fault_on_wire, http_response, links, origin, payment_by_id,
    reach::Reach,
    rejection::Rejection,
    request::{self, MockRequest},
    request_body::RequestBody,
    response::Response,
    state::SharedState,
    write_limit::WriteLimit,
};

/// The most that is read of the body of a request, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// The most that is buffered of the headers of a request, in bytes.
const HEADER_LIMIT: usize = 64 * 1024;

/// How long the headers of a request may take, and how long its body.
///
/// It also closes connections that wait for their next request, so it is longer than clients wait by default
/// (30 seconds), and not a time after which a program would ask again.
const TIME_LIMIT: Duration = Duration::from_secs(40);

/// The most connections at the same time. Further ones wait until one of these ends.
const CONNECTIONS: usize = 256;

/// Serves this port until the task is aborted; the connections end with it.
pub(crate) async fn run(listener: TcpListener, port: u16, state: SharedState, token: Token) {
    let mut connections = JoinSet::new();
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    let reach = state.lock().service.reach.clone();
    let control = control::router(state.clone());
    let face = Face::new(state.clone(), control.clone(), token);
    let site = Arc::new(Site {
        port,
        reach,
        state,
        face,
    });
    let router = router(&site, control);
    // It fails only when the semaphore is closed, which nobody does.
    while let Ok(place) = free.clone().acquire_owned().await {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        connections.spawn(serve(stream, router.clone(), Arc::new(place)));
    }
}

/// What the handlers of requests share.
struct Site {
    port: u16,
    reach: Reach,
    state: SharedState,
    face: Face,
}

fn router(site: &Arc<Site>, control: Router) -> Router {
    Router::new()
        .route("/", get(first_page))
        .merge(face::router(site.face.clone()))
        .method_not_allowed_fallback(respond)
        .fallback(respond)
        .with_state(site.clone())
        .nest(control::PATH, control)
        .layer(middleware::from_fn_with_state(site.clone(), saved))
        .layer(middleware::from_fn_with_state(site.clone(), from_here))
}

/// Claims no success of what is not in the state file, and does nothing more until it is.
async fn saved(
    extract::State(site): extract::State<Arc<Site>>,
    request: HttpRequest<Body>,
    next: Next,
) -> HttpResponse<Body> {
    if site.state.is_behind() {
        return http_response::envelope(&Response::rejection(&Rejection::not_saved()));
    }
    let response = next.run(request).await;
    match site.state.is_behind() {
        true => http_response::envelope(&Response::rejection(&Rejection::not_saved())),
        false => response,
    }
}

/// Refuses what web pages elsewhere caused, before anything of it is read.
async fn from_here(
    extract::State(site): extract::State<Arc<Site>>,
    request: HttpRequest<Body>,
    next: Next,
) -> HttpResponse<Body> {
    let (head, body) = request.into_parts();
    match origin::check(&head, site.port, &site.reach) {
        Ok(()) => next.run(HttpRequest::from_parts(head, body)).await,
        Err(rejection) => refuse(&site.state, &head, &rejection),
    }
}

/// Refuses a request that is not carried out.
fn refuse(state: &SharedState, head: &Parts, rejection: &Rejection) -> HttpResponse<Body> {
    let response = Response::rejection(rejection);
    let (method, path) = (head.method.as_str(), request::shown_path(head));
    state.lock().log_response(method, &path, &response);
    http_response::envelope(&response)
}

/// The place of a connection among the most that there may be.
type Place = Arc<OwnedSemaphorePermit>;

/// Serves one connection to its end. Nothing is reported if the client disconnects first.
async fn serve(stream: TcpStream, router: Router, place: Place) {
    let service = service_fn(|mut request: HttpRequest<Incoming>| {
        request.extensions_mut().insert(place.clone());
        let mut router = router.clone();
        Box::pin(async move {
            let response = match router.call(request.map(Body::new)).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            // How a handler says that the connection ends otherwise.
            let (mut head, body) = response.into_parts();
            match head.extensions.remove::<Abort>() {
                Some(abort) => Err(abort),
                None => Ok(HttpResponse::from_parts(head, body)),
            }
        })
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(TIME_LIMIT)
        .max_buf_size(HEADER_LIMIT)
        .serve_connection(TokioIo::new(WriteLimit::new(stream)), service);
    let served = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let stream = connection.into_parts().io.into_inner().into_inner();
    if let Err(error) = served
        && let Some(source) = error.source()
        && let Some(abort) = source.downcast_ref::<Abort>()
    {
        abort.end(stream).await;
    }
}

/// The bills for a person, and for a program what it is told of every path that is none.
async fn first_page(
    extract::State(site): extract::State<Arc<Site>>,
    request: HttpRequest<Body>,
) -> HttpResponse<Body> {
    match face::is_wanted(request.headers()) {
        true => face::first_page(&site.face, request),
        false => respond(extract::State(site), request).await,
    }
}

/// Responds to everything but the control API and the pages.
async fn respond(
    extract::State(site): extract::State<Arc<Site>>,
    request: HttpRequest<Body>,
) -> HttpResponse<Body> {
    respond_or_abort(&site.state, &site.face, request)
        .await
        .unwrap_or_else(|abort| {
            let mut response = HttpResponse::default();
            response.extensions_mut().insert(abort);
            response
        })
}

async fn respond_or_abort(
    state: &SharedState,
    face: &Face,
    request: HttpRequest<Body>,
) -> Result<HttpResponse<Body>, Abort> {
    let (head, body) = request.into_parts();
    let place: Option<Place> = head.extensions.get().cloned();
    let refuse = |rejection: &Rejection| refuse(state, &head, rejection);
    let body = match timeout(TIME_LIMIT, Limited::new(body, BODY_LIMIT).collect()).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => {
            return Ok(refuse(&Rejection::with_http_status(
                413,
                "MOCK_TOO_LARGE",
                "the body is incomplete, or larger than 64 KiB",
            )));
        }
        Err(_) => {
            return Ok(refuse(&Rejection::with_http_status(
                408,
                "MOCK_TOO_SLOW",
                "the body was not complete within 40 seconds",
            )));
        }
    };
    let request = MockRequest::new(&head, body.to_bytes().into());
    match request.other_path() {
        Some(payment_by_id::PATH) => {
            return Ok(payment_by_id::respond(&request, &mut state.lock()));
        }
        Some(path) => {
            if let Some(link) = path.strip_prefix(links::PATH) {
                return Ok(face::payment_page::respond(
                    face.token(),
                    link,
                    &head,
                    &request,
                    &mut state.lock(),
                ));
            }
        }
        None => {}
    }
    let body = RequestBody::parse(request.body());
    let (received, fault) = {
        let mut state = state.lock();
        let received = state.receive(Arc::new(request), body);
        match received.fault {
            Some(fault) => (received, fault),
            None => {
                let response = state.respond(&received);
                drop(state);
                return Ok(http_response::envelope(&response));
            }
        }
    };
    let response = match fault {
        Fault::Latency(pause) | Fault::InProgress(pause) | Fault::RejectThenApply(pause) => {
            let begun = state.lock().begin_late(&received);
            match begun {
                Some(number) => {
                    let (state, place) = (state.clone(), place.clone());
                    // In its own task, so that the request is carried out even if the client disconnects.
                    let late = tokio::spawn(async move {
                        clock::pause(pause).await;
                        drop(place);
                        state.lock().end_late(number, &received)
                    });
                    match fault {
                        Fault::Latency(_) => late.await.ok().flatten().ok_or_else(Abort::close)?,
                        _ => Response::unlisted(),
                    }
                }
                None => state.lock().respond(&received),
            }
        }
        _ => state.lock().respond(&received),
    };
    fault_on_wire::distort(response, fault)
}
