package apiserver_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"slipway.example/api/core"
	"slipway.example/apimachinery/meta"
	"slipway.example/client-go/client"
	"slipway.example/components/pkg/apiserver"
)

// serve serves the store in dir until the test ends or stop is called.
func serve(t *testing.T, dir string, history int) (c *client.Client, stop func()) {
	t.Helper()
	store, err := apiserver.OpenStore(filepath.Join(dir, "objects.db"), history)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	mux := http.NewServeMux()
	apiserver.Install(ctx, mux, store)
	server := httptest.NewServer(mux)
	stop = sync.OnceFunc(func() {
		cancel()
		server.Close()
		store.Close()
	})
	t.Cleanup(stop)
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return client.New(address), stop
}

func pod(name string) *core.Pod {
	return &core.Pod{
		ObjectMeta: meta.ObjectMeta{Name: name, Namespace: "default"},
		Spec:       core.PodSpec{Containers: []core.Container{{Name: "c", Command: []string{"true"}}}},
	}
}

func create[T meta.Object](t *testing.T, c *client.Client, object T) T {
	t.Helper()
	if err := client.Create(t.Context(), c, object); err != nil {
		t.Fatal(err)
	}
	return object
}

func wantReason(t *testing.T, err error, reason string) {
	t.Helper()
	if got := meta.ReasonOf(err); got != reason {
		t.Errorf("got %q (%v), want %q", got, err, reason)
	}
}

func TestOptimisticConcurrency(t *testing.T) {
	c, _ := serve(t, t.TempDir(), 100)
	ctx := t.Context()
	first := create(t, c, pod("a"))
	wantReason(t, client.Create(ctx, c, pod("a")), meta.ReasonAlreadyExists)

	second, err := client.Get[*core.Pod](ctx, c, "default", "a")
	if err != nil || second.UID != first.UID || second.UID == "" {
		t.Fatalf("got %v, %v", second, err)
	}
	second.Status.Message = "seen"
	if err := client.Update(ctx, c, second); err != nil {
		t.Fatal(err)
	}
	first.Status.Message = "late"
	wantReason(t, client.Update(ctx, c, first), meta.ReasonConflict)

	version := second.ResourceVersion
	if err := client.Update(ctx, c, second); err != nil || second.ResourceVersion != version {
		t.Errorf("an update that changes nothing: version %s after %s, %v", second.ResourceVersion, version, err)
	}
	second.ResourceVersion = ""
	wantReason(t, client.Update(ctx, c, second), meta.ReasonInvalid)
	wantReason(t, client.Update(ctx, c, pod("b")), meta.ReasonNotFound)
}

func TestRefusals(t *testing.T) {
	c, _ := serve(t, t.TempDir(), 100)
	const pods = "/api/v1/namespaces/default/pods"
	for _, test := range []struct{ name, method, path, body, reason string }{
		{"unknown path", "GET", "/api/v1/jobs", "", meta.ReasonNotFound},
		{"unknown field", "POST", pods, `{"spec":{"image":"x"}}`, meta.ReasonBadRequest},
		{"another kind", "POST", pods, `{"kind":"Node"}`, meta.ReasonBadRequest},
		{"another namespace", "POST", pods, `{"metadata":{"name":"a","namespace":"b"}}`, meta.ReasonBadRequest},
		{"another name", "PUT", pods + "/a", `{"metadata":{"name":"b"}}`, meta.ReasonBadRequest},
		{"no containers", "POST", pods, `{"metadata":{"name":"a"}}`, meta.ReasonInvalid},
		{"no name", "POST", "/api/v1/nodes", `{}`, meta.ReasonInvalid},
		{"a watch from nowhere", "GET", pods + "?watch=true", "", meta.ReasonBadRequest},
		{"a log of nothing", "GET", pods + "/a/log", "", meta.ReasonNotFound},
		{"deleting nothing", "DELETE", pods + "/a", "", meta.ReasonNotFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			var body any
			if test.body != "" {
				body = json.RawMessage(test.body)
			}
			path, query, _ := strings.Cut(test.path, "?")
			values, err := url.ParseQuery(query)
			if err != nil {
				t.Fatal(err)
			}
			wantReason(t, c.Do(t.Context(), test.method, path, values, body, nil), test.reason)
		})
	}
}

// watch returns the events from version on, until there are count.
func watch(t *testing.T, c *client.Client, version string, count int) (events []string, err error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err = c.Watch(ctx, client.Path(core.FindKind("Pod"), ""), version, func(event meta.WatchEvent) error {
		var p core.Pod
		if err := json.Unmarshal(event.Object, &p); err != nil {
			return err
		}
		if events = append(events, event.Type+" "+p.Name); len(events) == count {
			cancel()
		}
		return nil
	})
	if len(events) == count {
		err = nil
	}
	return events, err
}

func TestWatchGoesOnWhereItWas(t *testing.T) {
	dir := t.TempDir()
	c, stop := serve(t, dir, 100)
	a := create(t, c, pod("a"))
	create(t, c, &core.Node{ObjectMeta: meta.ObjectMeta{Name: "n"}})
	b := create(t, c, pod("b"))
	if err := client.Delete(t.Context(), c, b, false); err != nil {
		t.Fatal(err)
	}
	stop()
	c, _ = serve(t, dir, 100)
	got, err := watch(t, c, a.ResourceVersion, 2)
	if want := "[ADDED b DELETED b]"; err != nil || fmt.Sprint(got) != want {
		t.Errorf("got %v, %v; want %s", got, err, want)
	}
}

func TestWatchTooOld(t *testing.T) {
	c, _ := serve(t, t.TempDir(), 3)
	for i := range 5 {
		create(t, c, pod(fmt.Sprint("p", i)))
	}
	if got, err := watch(t, c, "2", 3); err != nil {
		t.Errorf("the last three are kept: got %v, %v", got, err)
	}
	_, err := watch(t, c, "1", 1)
	wantReason(t, err, meta.ReasonExpired)
	// The state after a new start with an empty data directory.
	_, err = watch(t, c, "99", 1)
	wantReason(t, err, meta.ReasonExpired)
}

func TestDelete(t *testing.T) {
	c, _ := serve(t, t.TempDir(), 100)
	ctx := t.Context()
	bound := pod("bound")
	bound.Spec.NodeName = "n"
	create(t, c, bound)
	other := *bound
	other.UID = "other"
	for _, step := range []struct {
		name    string
		object  *core.Pod
		atOnce  bool
		remains bool
	}{
		{"another one of that name", &other, true, true},
		{"its kubelet must end it", bound, false, true},
		{"its kubelet has ended it", bound, true, false},
		{"again", bound, true, false},
	} {
		if err := client.Delete(ctx, c, step.object, step.atOnce); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		left, err := client.Get[*core.Pod](ctx, c, "default", "bound")
		if (err == nil) != step.remains || err == nil && (left.DeletionTimestamp != nil) != (step.object == bound) {
			t.Errorf("%s: got %v, %v", step.name, left, err)
		}
	}
}

func TestEventsAreForgotten(t *testing.T) {
	kind := core.FindKind("Event")
	keep := kind.Keep
	kind.Keep = 3
	defer func() { kind.Keep = keep }()
	c, _ := serve(t, t.TempDir(), 100)
	p := create(t, c, pod("a"))
	for i := range 5 {
		client.Record(t.Context(), c, "test", p, "Counted", "%d", i)
	}
	events, err := client.GetList[*core.Event](t.Context(), c, "default")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, event := range events.Items {
		got = append(got, event.Message)
	}
	if want := "[2 3 4]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestOneProcessHasTheStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	serve(t, dir, 100)
	if store, err := apiserver.OpenStore(filepath.Join(dir, "objects.db"), 100); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("got %v, %v", store, err)
	}
}
