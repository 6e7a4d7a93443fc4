// Package client speaks with the API server, and is the loop in which
// components bring what is to what is wished for.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"slipway.example/api/core"
	"slipway.example/apimachinery/meta"
)

// requestTimeout is for all but watches and logs.
const requestTimeout = 30 * time.Second

// Client is safe for use by several goroutines.
type Client struct {
	server *url.URL
	http   *http.Client
}

// New makes a client of the server, whose URL has scheme and host. Connections
// are its own: nobody else's hold them back.
func New(server *url.URL) *Client {
	return &Client{server, &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}}
}

// Path is where the API has a kind, or one object of it. Without a namespace it
// is all of them.
func Path(kind *core.Kind, namespace string, name ...string) string {
	path := "/api/v1/"
	if kind.Namespaced && namespace != "" {
		path += "namespaces/" + url.PathEscape(namespace) + "/"
	}
	path += kind.Plural
	for _, part := range name {
		path += "/" + url.PathEscape(part)
	}
	return path
}

// Do sends a request and decodes the answer into result, unless that is nil. An
// answer that is no success is returned as a *meta.Status.
func (c *Client) Do(ctx context.Context, method, path string, query url.Values, body, result any) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	answer, err := c.Stream(ctx, method, path, query, body)
	if err != nil {
		return err
	}
	defer answer.Close()
	if result == nil {
		_, err = io.Copy(io.Discard, answer)
		return err
	}
	return json.NewDecoder(answer).Decode(result)
}

// Stream is Do for an answer that is read as it comes.
func (c *Client) Stream(ctx context.Context, method, path string, query url.Values, body any) (io.ReadCloser, error) {
	var sent io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		sent = bytes.NewReader(text)
	}
	target := *c.server
	target.RawQuery = query.Encode()
	request, err := http.NewRequestWithContext(ctx, method, target.JoinPath(path).String(), sent)
	if err != nil {
		return nil, err
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode < 300 {
		return answer.Body, nil
	}
	defer answer.Body.Close()
	status := &meta.Status{}
	if err := json.NewDecoder(answer.Body).Decode(status); err != nil || status.Reason == "" {
		return nil, fmt.Errorf("%s answers %s", request.URL, answer.Status)
	}
	return nil, status
}

// List is what the API answers for a kind.
type List[T meta.Object] struct {
	Metadata meta.ListMeta `json:"metadata"`
	Items    []T           `json:"items"`
}

// GetList reads all objects of a kind, of one namespace or, if that is empty, of all.
func GetList[T meta.Object](ctx context.Context, c *Client, namespace string) (*List[T], error) {
	list := &List[T]{}
	return list, c.Do(ctx, http.MethodGet, Path(core.KindOf[T](), namespace), nil, nil, list)
}

// Get reads an object.
func Get[T meta.Object](ctx context.Context, c *Client, namespace, name string) (object T, err error) {
	return object, c.Do(ctx, http.MethodGet, Path(core.KindOf[T](), namespace, name), nil, nil, &object)
}

// Create makes an object; what the server filled in is in it afterwards.
func Create[T meta.Object](ctx context.Context, c *Client, object T) error {
	return c.Do(ctx, http.MethodPost, Path(core.KindOf[T](), object.GetObjectMeta().Namespace), nil, object, object)
}

// Update replaces the object, if nobody changed it since it was read.
func Update[T meta.Object](ctx context.Context, c *Client, object T) error {
	m := object.GetObjectMeta()
	return c.Do(ctx, http.MethodPut, Path(core.KindOf[T](), m.Namespace, m.Name), nil, object, object)
}

// Modify reads, changes and updates an object until nobody was faster. It
// leaves an object alone that is another one of the same name.
func Modify[T meta.Object](ctx context.Context, c *Client, object T, change func(T)) error {
	m := object.GetObjectMeta()
	for {
		fresh, err := Get[T](ctx, c, m.Namespace, m.Name)
		if err != nil {
			return err
		}
		if fresh.GetObjectMeta().UID != m.UID {
			return meta.NewStatus(meta.ReasonConflict, "%q is another one by now", m.Name)
		}
		change(fresh)
		if err := Update(ctx, c, fresh); meta.ReasonOf(err) != meta.ReasonConflict {
			return err
		}
	}
}

// Delete asks for the end of exactly this object; one that is gone is no error.
// At once means not to wait for a kubelet.
func Delete[T meta.Object](ctx context.Context, c *Client, object T, atOnce bool) error {
	m := object.GetObjectMeta()
	query := url.Values{"uid": {m.UID}}
	if atOnce {
		query.Set("gracePeriodSeconds", "0")
	}
	err := c.Do(ctx, http.MethodDelete, Path(core.KindOf[T](), m.Namespace, m.Name), query, nil, nil)
	if reason := meta.ReasonOf(err); reason == meta.ReasonNotFound || reason == meta.ReasonConflict {
		return nil
	}
	return err
}

// Watch calls on for every event after resourceVersion, until ctx is done (nil),
// the connection ends, or the server says that it cannot go back that far
// (meta.ReasonExpired).
func (c *Client) Watch(ctx context.Context, path, resourceVersion string, on func(meta.WatchEvent) error) error {
	query := url.Values{"watch": {"true"}, "resourceVersion": {resourceVersion}}
	answer, err := c.Stream(ctx, http.MethodGet, path, query, nil)
	if err != nil {
		return err
	}
	defer answer.Close()
	for lines := json.NewDecoder(answer); ; {
		var event meta.WatchEvent
		if err := lines.Decode(&event); err != nil {
			return err
		}
		if event.Type == meta.Error {
			status := &meta.Status{}
			if err := json.Unmarshal(event.Object, status); err != nil {
				return err
			}
			return status
		}
		if err := on(event); err != nil {
			return err
		}
	}
}
