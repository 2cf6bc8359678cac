//! The HTTP server: connections, and the way of a request to its response.

use std::{error::Error as _, future::poll_fn, time::Duration};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Request as HttpRequest, Response as HttpResponse,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};

use crate::{
    abort::Abort, fault::Fault, fault_on_wire, http_response, links, origin, payment_page,
    request::MockRequest, response::Response, state::SharedState,
};

/// The most that is read of the body of a request, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;

/// Serves this port until the task is aborted; the connections end with it.
pub(crate) async fn run(listener: TcpListener, port: u16, state: SharedState) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        connections.spawn(serve(stream, port, state.clone()));
    }
}

/// Serves one connection to its end. Nothing is reported if the client disconnects first.
async fn serve(stream: TcpStream, port: u16, state: SharedState) {
    let service = service_fn(|request| Box::pin(respond(request, port, &state)));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let served = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let stream = connection.into_parts().io.into_inner();
    if let Err(error) = served
        && let Some(source) = error.source()
        && let Some(abort) = source.downcast_ref::<Abort>()
    {
        abort.end(stream).await;
    }
}

async fn respond(
    request: HttpRequest<Incoming>,
    port: u16,
    state: &SharedState,
) -> Result<HttpResponse<Full<Bytes>>, Abort> {
    let (head, body) = request.into_parts();
    if let Err(rejection) = origin::check(&head, port) {
        return Ok(http_response::envelope(&Response::rejection(&rejection)));
    }
    let Ok(body) = Limited::new(body, BODY_LIMIT).collect().await else {
        return Ok(http_response::envelope(&Response::without_data(
            413,
            "MOCK_TOO_LARGE",
            "the body is incomplete, or larger than 1 MiB",
        )));
    };
    let request = MockRequest::new(&head, body.to_bytes().into());
    let link = request.other_path();
    if let Some(link) = link.and_then(|path| path.strip_prefix(links::PATH)) {
        return Ok(payment_page::respond(link, &request, &mut state.lock()));
    }
    let received = state.lock().receive(request);
    let fault = received.fault;
    let response = match fault {
        Some(Fault::Latency(pause)) => {
            let state = state.clone();
            // In its own task, so that the request is carried out even if the client disconnects.
            let late = tokio::spawn(async move {
                sleep(pause).await;
                state.lock().respond(&received)
            });
            late.await.map_err(|_| Abort::close())?
        }
        _ => state.lock().respond(&received),
    };
    match fault {
        Some(fault) => fault_on_wire::distort(response, fault),
        None => Ok(http_response::envelope(&response)),
    }
}
