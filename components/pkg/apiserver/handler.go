// Package apiserver is the API over HTTP: objects as JSON, lists and watches,
// and the store that holds them.
package apiserver

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"

	"k8s.io/apimachinery/pkg/runtime"

	"slipway.example/api/core"
	"slipway.example/apimachinery/meta"
	"slipway.example/component-base/logs"
)

// Install adds the paths of all kinds to mux. Watches end when ctx is done.
func Install(ctx context.Context, mux *http.ServeMux, store *Store) {
	for _, kind := range core.Kinds {
		r := &resource{ctx, store, kind}
		all := "/api/v1/" + kind.Plural
		collection := all
		if kind.Namespaced {
			collection = "/api/v1/namespaces/{namespace}/" + kind.Plural
			mux.HandleFunc("GET "+all, answer(r.list))
		}
		mux.HandleFunc("GET "+collection, answer(r.list))
		mux.HandleFunc("POST "+collection, answer(r.create))
		mux.HandleFunc("GET "+collection+"/{name}", answer(r.get))
		mux.HandleFunc("PUT "+collection+"/{name}", answer(r.update))
		mux.HandleFunc("DELETE "+collection+"/{name}", answer(r.delete))
	}
	mux.HandleFunc("GET /api/v1/namespaces/{namespace}/pods/{name}/log", answer((&resource{ctx, store, core.FindKind("Pod")}).log))
	mux.HandleFunc("/api/", answer(func(_ http.ResponseWriter, request *http.Request) error {
		return meta.NewStatus(meta.ReasonNotFound, "the server has no %s %s", request.Method, request.URL.Path)
	}))
}

// resource answers for one kind.
type resource struct {
	ctx   context.Context
	store *Store
	kind  *core.Kind
}

// answer turns an error into a Status.
func answer(handle func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, request *http.Request) {
		err := handle(w, request)
		if err == nil {
			return
		}
		var status *meta.Status
		if !errors.As(err, &status) {
			status = meta.NewStatus(meta.ReasonInternal, "%v", err)
			logs.FromContext(request.Context()).Error("Request failed", "method", request.Method, "path", request.URL.Path, "err", err)
		}
		_ = write(w, status.Code, status)
	}
}

// write fails only if the client disconnected.
func write(w http.ResponseWriter, code int, body any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	return json.NewEncoder(w).Encode(body)
}

// prefix returns the key prefix of a request for a collection.
func (r *resource) prefix(request *http.Request) string {
	if namespace := request.PathValue("namespace"); namespace != "" {
		return r.kind.Plural + "/" + namespace + "/"
	}
	return r.kind.Plural + "/"
}

func (r *resource) key(request *http.Request) string {
	return r.kind.Plural + "/" + request.PathValue("namespace") + "/" + request.PathValue("name")
}

func (r *resource) notFound(request *http.Request) error {
	return meta.NewStatus(meta.ReasonNotFound, "%s %q not found", r.kind.Plural, request.PathValue("name"))
}

func (r *resource) list(w http.ResponseWriter, request *http.Request) error {
	if request.URL.Query().Get("watch") == "true" {
		return r.watch(w, request)
	}
	items, revision, err := r.store.List(r.prefix(request))
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, struct {
		runtime.TypeMeta
		Metadata meta.ListMeta     `json:"metadata"`
		Items    []json.RawMessage `json:"items"`
	}{
		runtime.TypeMeta{Kind: r.kind.Name + "List", APIVersion: core.APIVersion},
		meta.ListMeta{ResourceVersion: strconv.FormatUint(revision, 10)}, items,
	})
}

// watch answers with one event a line, until one side ends it.
func (r *resource) watch(w http.ResponseWriter, request *http.Request) error {
	revision, err := strconv.ParseUint(request.URL.Query().Get("resourceVersion"), 10, 64)
	if err != nil {
		return meta.NewStatus(meta.ReasonBadRequest, "a watch needs the resourceVersion of a list or an event")
	}
	lines := json.NewEncoder(w)
	for begun := false; ; begun = true {
		changed := r.store.Changed()
		events, next, err := r.store.Since(revision, r.prefix(request))
		if errors.Is(err, errExpired) {
			expired := meta.NewStatus(meta.ReasonExpired, "%v: %d", err, revision)
			if !begun {
				return expired
			}
			text, _ := json.Marshal(expired)
			return lines.Encode(meta.WatchEvent{Type: meta.Error, Object: text})
		}
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/json")
		for _, event := range events {
			if err := lines.Encode(event); err != nil {
				return nil
			}
		}
		if err := http.NewResponseController(w).Flush(); err != nil {
			return nil
		}
		revision = next
		select {
		case <-changed:
		case <-request.Context().Done():
			return nil
		case <-r.ctx.Done():
			return nil
		}
	}
}

func (r *resource) get(w http.ResponseWriter, request *http.Request) error {
	object, err := r.store.Get(r.key(request))
	if err != nil {
		return err
	}
	if object == nil {
		return r.notFound(request)
	}
	return write(w, http.StatusOK, json.RawMessage(object))
}

// log forwards the request to the kubelet that runs the pod.
func (r *resource) log(w http.ResponseWriter, request *http.Request) error {
	var pod core.Pod
	var node core.Node
	stored, err := r.store.Get(r.key(request))
	if err != nil {
		return err
	}
	if stored == nil {
		return r.notFound(request)
	}
	if err := json.Unmarshal(stored, &pod); err != nil {
		return err
	}
	if stored, err = r.store.Get("nodes//" + pod.Spec.NodeName); err != nil {
		return err
	}
	if stored == nil || json.Unmarshal(stored, &node) != nil || node.Status.Address == "" {
		return meta.NewStatus(meta.ReasonBadRequest, "pod %q is not on a node yet", pod.Name)
	}
	target := &url.URL{Scheme: "http", Host: node.Status.Address}
	proxy := &httputil.ReverseProxy{
		FlushInterval: -1,
		Rewrite: func(proxied *httputil.ProxyRequest) {
			proxied.SetURL(target)
			container := cmp.Or(request.URL.Query().Get("container"), pod.Spec.Containers[0].Name)
			proxied.Out.URL.Path = "/logs/" + pod.UID + "/" + container
		},
	}
	proxy.ServeHTTP(w, request)
	return nil
}
