package serving

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"slipway.example/component-base/healthz"
	"slipway.example/component-base/logs"
	"slipway.example/component-base/version"
)

// slowClientTimeout is long enough for any client that means to ask something.
const slowClientTimeout = 30 * time.Second

// NewMux returns a mux with what every daemon answers: /version, /healthz and
// /livez, and /readyz, which ready can hold back.
func NewMux(ready ...healthz.Check) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", healthz.Handler("healthz", healthz.Ping))
	mux.Handle("GET /livez", healthz.Handler("livez", healthz.Ping))
	mux.Handle("GET /readyz", healthz.Handler("readyz", append([]healthz.Check{healthz.Ping}, ready...)...))
	mux.HandleFunc("GET /version", answerVersion)
	return mux
}

func answerVersion(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	// A failure here is a client that went away.
	_ = encoder.Encode(version.Get())
}

// Serve answers on listener, which it closes, until ctx is done. Then it takes
// no new requests and gives running ones the grace period; cutting off those
// that take longer is logged and is no error.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler, grace time.Duration) error {
	logger := logs.FromContext(ctx)
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: slowClientTimeout,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelError),
		// Without the cancellation: a signal must not tear running requests.
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}

	logger.Info("Stopping", "cause", context.Cause(ctx))
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err := server.Shutdown(patience)
	if errors.Is(err, context.DeadlineExceeded) {
		logger.Warn("Requests still running are cut off", "gracePeriod", grace)
		return server.Close()
	}
	return err
}
