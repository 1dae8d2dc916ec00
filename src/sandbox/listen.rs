//! Sockets on loopback: a listener whose connections can be cut, and the layer that cuts them.
//! It knows nothing of platforms; `pipeline.rs` says by [`Dropped`] which answers must not be sent.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::pipeline::Dropped;

/// Cuts one connection: once thrown, nothing more is written to it.
#[derive(Debug, Clone, Default)]
pub struct Switch(Arc<AtomicBool>);

/// A TCP listener whose connections carry a [`Switch`].
#[derive(Debug)]
pub struct CutListener(TcpListener);

/// A connection with its switch.
#[derive(Debug)]
pub struct CutStream {
    stream: TcpStream,
    switch: Switch,
}

impl CutListener {
    /// Binds to an address.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        TcpListener::bind(address).await.map(Self)
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Listener for CutListener {
    type Io = CutStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Small answers must not wait for more; a failure only makes them slower.
        let _ = stream.set_nodelay(true);
        (CutStream { stream, switch: Switch::default() }, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.address()
    }
}

impl Connected<IncomingStream<'_, CutListener>> for Switch {
    fn connect_info(incoming: IncomingStream<'_, CutListener>) -> Self {
        incoming.io().switch.clone()
    }
}

impl CutStream {
    fn check(&self) -> io::Result<()> {
        if self.switch.0.load(Ordering::Relaxed) {
            return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "cut by a fault"));
        }
        Ok(())
    }
}

impl AsyncRead for CutStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for CutStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

async fn cut_dropped(ConnectInfo(switch): ConnectInfo<Switch>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.extensions().get::<Dropped>().is_some() {
        switch.0.store(true, Ordering::Relaxed);
    }
    response
}

/// Serves a router on a listener until `stop`; then calls in work are finished.
pub async fn serve(listener: CutListener, router: Router, stop: CancellationToken) -> io::Result<()> {
    let service = router.layer(from_fn(cut_dropped)).into_make_service_with_connect_info::<Switch>();
    axum::serve(listener, service).with_graceful_shutdown(async move { stop.cancelled().await }).await
}
