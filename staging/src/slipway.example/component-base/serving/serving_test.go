package serving

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"slipway.example/apimachinery/aggregate"
	"slipway.example/component-base/healthz"
	"slipway.example/component-base/logs"
	"slipway.example/component-base/version"
)

func TestValidate(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Options)
		want   string
	}{
		{"defaults", func(*Options) {}, ""},
		{"free port", func(o *Options) { o.Port = 0 }, ""},
		{"loopback of IPv6", func(o *Options) { o.BindAddress = net.IPv6loopback }, ""},
		{"all addresses", func(o *Options) { o.BindAddress = net.IPv4zero }, `--bind-address: Invalid value: "0.0.0.0": must be a loopback address`},
		{"port too big", func(o *Options) { o.Port = 65536 }, "--port: Invalid value: 65536: must be between 0 and 65535, inclusive"},
		{"both", func(o *Options) { o.Port, o.ShutdownGracePeriod = -1, -time.Second },
			`[--port: Invalid value: -1: must be between 0 and 65535, inclusive, --shutdown-grace-period: Invalid value: "-1s": must not be negative]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := NewOptions(10248)
			test.change(o)
			got := ""
			if err := aggregate.New(o.Validate().Errors()); err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestNewMux(t *testing.T) {
	warmingUp := healthz.Check{Name: "cache", Run: func(context.Context) error { return errors.New("cold") }}
	for _, test := range []struct {
		method, path string
		code         int
	}{
		{"GET", "/healthz", 200}, {"GET", "/livez", 200}, {"GET", "/readyz", 500}, {"GET", "/version", 200},
		{"HEAD", "/healthz", 200}, {"POST", "/healthz", 405}, {"GET", "/", 404}, {"GET", "/healthz/x", 404},
	} {
		answer := httptest.NewRecorder()
		NewMux(warmingUp).ServeHTTP(answer, httptest.NewRequest(test.method, test.path, nil))
		if answer.Code != test.code {
			t.Errorf("%s %s: got %d, want %d", test.method, test.path, answer.Code, test.code)
		}
	}

	answer := httptest.NewRecorder()
	NewMux().ServeHTTP(answer, httptest.NewRequest("GET", "/version", nil))
	var info version.Info
	if err := json.Unmarshal(answer.Body.Bytes(), &info); err != nil || info != version.Get() {
		t.Errorf("/version gives %+v, %v", info, err)
	}
}

func TestServe(t *testing.T) {
	for _, test := range []struct {
		name  string
		grace time.Duration
		done  bool
	}{
		{"running request is finished", time.Minute, true},
		{"request beyond the grace period is cut off", 10 * time.Millisecond, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			entered, release := make(chan struct{}), make(chan struct{})
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				close(entered)
				select {
				case <-release:
				case <-r.Context().Done():
				}
				io.WriteString(w, "done")
			})
			ctx, cancel := context.WithCancel(logs.NewContext(t.Context(), slog.New(slog.DiscardHandler)))
			defer cancel()
			listener, err := NewOptions(0).Listen()
			if err != nil {
				t.Fatal(err)
			}
			served, body := make(chan error, 1), make(chan string, 1)
			go func() { served <- Serve(ctx, listener, handler, test.grace) }()
			go func() { body <- get("http://" + listener.Addr().String()) }()
			<-entered
			cancel()
			if test.done {
				waitUntilClosed(listener.Addr().String())
				close(release)
			}
			if err := <-served; err != nil {
				t.Errorf("Serve returns %v", err)
			}
			if got := <-body; (got == "done") != test.done {
				t.Errorf("the running request got %q", got)
			}
		})
	}
}

func TestServeOnAClosedListener(t *testing.T) {
	listener, err := NewOptions(0).Listen()
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	if err := Serve(t.Context(), listener, NewMux(), 0); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v, want %v", err, net.ErrClosed)
	}
}

// get returns the body, or nothing if the answer was not whole.
func get(url string) string {
	answer, err := http.Get(url)
	if err != nil {
		return ""
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return ""
	}
	return string(body)
}

// waitUntilClosed returns once the shutdown of the server at address has begun.
func waitUntilClosed(address string) {
	for {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		connection.Close()
		time.Sleep(time.Millisecond)
	}
}
