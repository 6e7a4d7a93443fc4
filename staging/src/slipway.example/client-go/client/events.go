package client

import (
	"context"
	"fmt"
	"time"

	"slipway.example/api/core"
	"slipway.example/apimachinery/meta"
	"slipway.example/component-base/logs"
)

// Record writes down for people what happened to an object. Its name sorts by
// time. That it could not be written is only logged.
func Record(ctx context.Context, c *Client, source string, object meta.Object, reason, format string, arguments ...any) {
	m := object.GetObjectMeta()
	event := &core.Event{
		ObjectMeta: meta.ObjectMeta{GenerateName: fmt.Sprintf("%016x-", time.Now().UnixNano()), Namespace: m.Namespace},
		InvolvedObject: core.ObjectReference{
			Kind: object.GetObjectKind().GroupVersionKind().Kind, Namespace: m.Namespace, Name: m.Name, UID: m.UID,
		},
		Reason: reason, Message: fmt.Sprintf(format, arguments...), Source: source,
	}
	if event.Namespace == "" {
		event.Namespace = core.DefaultNamespace
	}
	if err := Create(ctx, c, event); err != nil {
		logFailure(ctx, err)
	}
}

// logFailure is quiet about conflicts: somebody was faster, and we try again.
func logFailure(ctx context.Context, err error) {
	if meta.ReasonOf(err) != meta.ReasonConflict {
		logs.FromContext(ctx).Warn("A request to the API server failed; trying again", "err", err)
	}
}
