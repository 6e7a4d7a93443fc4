package client

import (
	"context"
	"encoding/json"
	"time"

	"slipway.example/api/core"
	"slipway.example/apimachinery/meta"
)

// retryDelay is the pause after a failure; the server may be starting.
const retryDelay = 200 * time.Millisecond

// Follow lists what is at path and then watches it until ctx is done. A watch
// that breaks is resumed where it was; when the server cannot go back that far,
// everything is listed again. onList gets each list, onEvent each change after it.
func (c *Client) Follow(ctx context.Context, path string, onList func([]json.RawMessage), onEvent func(meta.WatchEvent)) {
	version := ""
	for ctx.Err() == nil {
		var err error
		if version == "" {
			var list struct {
				Metadata meta.ListMeta
				Items    []json.RawMessage
			}
			if err = c.Do(ctx, "GET", path, nil, nil, &list); err == nil {
				version = list.Metadata.ResourceVersion
				onList(list.Items)
			}
		}
		if err == nil {
			err = c.Watch(ctx, path, version, func(event meta.WatchEvent) error {
				var object struct{ Metadata meta.ObjectMeta }
				if err := json.Unmarshal(event.Object, &object); err != nil {
					return err
				}
				version = object.Metadata.ResourceVersion
				onEvent(event)
				return nil
			})
		}
		if meta.ReasonOf(err) == meta.ReasonExpired {
			version = ""
			continue
		}
		sleep(ctx, retryDelay)
	}
}

func sleep(ctx context.Context, duration time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(duration):
	}
}

// Loop calls Sync once, after every change of Kinds, after Wake, and at least
// once a Period; a Sync that fails is logged and repeated. What Sync works with
// it reads itself: unlike a cache fed by a watch, a list is never older than a
// write that was acknowledged. Watches only say when.
type Loop struct {
	Client *Client
	Kinds  []string
	Period time.Duration
	Sync   func(context.Context) error

	wake chan struct{}
}

// NewLoop makes a loop; it does nothing before Run.
func NewLoop(c *Client, period time.Duration, sync func(context.Context) error, kinds ...string) *Loop {
	return &Loop{Client: c, Kinds: kinds, Period: period, Sync: sync, wake: make(chan struct{}, 1)}
}

// Wake has Sync called soon; calls before that are one.
func (l *Loop) Wake() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Run returns when ctx is done.
func (l *Loop) Run(ctx context.Context) {
	for _, kind := range l.Kinds {
		path := Path(core.FindKind(kind), "")
		go l.Client.Follow(ctx, path, func([]json.RawMessage) { l.Wake() }, func(meta.WatchEvent) { l.Wake() })
	}
	for ctx.Err() == nil {
		if err := l.Sync(ctx); err != nil && ctx.Err() == nil {
			logFailure(ctx, err)
			sleep(ctx, retryDelay)
			continue
		}
		select {
		case <-ctx.Done():
		case <-l.wake:
		case <-time.After(l.Period):
		}
	}
}
