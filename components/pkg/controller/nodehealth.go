package controller

import (
	"context"
	"time"

	"slipway.example/api/core"
	"slipway.example/apimachinery/meta"
	"slipway.example/client-go/client"
)

// nodeHealth removes the pods of nodes that are silent or gone.
type nodeHealth struct {
	client *client.Client
	grace  time.Duration
	// seen holds the last heartbeat of each node with the time of our own
	// clock, because clocks differ.
	seen map[string]heartbeat
}

type heartbeat struct {
	said, heard time.Time
}

func (c *nodeHealth) sync(ctx context.Context) error {
	err := c.check(ctx)
	if err != nil {
		// While the server does not answer, silence of the nodes means nothing.
		clear(c.seen)
	}
	return err
}

func (c *nodeHealth) check(ctx context.Context) error {
	pods, err := client.GetList[*core.Pod](ctx, c.client, "")
	if err != nil {
		return err
	}
	// Nodes are listed second: the list then has the node of every listed pod,
	// unless the node is gone.
	nodes, err := client.GetList[*core.Node](ctx, c.client, "")
	if err != nil {
		return err
	}
	alive := map[string]bool{"": true}
	for _, node := range nodes.Items {
		if alive[node.Name] = c.hears(node); alive[node.Name] || !node.Status.Ready {
			continue
		}
		node.Status.Ready = false
		// A conflict is a sign of life.
		if err := client.Update(ctx, c.client, node); meta.ReasonOf(err) == meta.ReasonConflict {
			alive[node.Name] = true
		} else if err != nil {
			return err
		} else {
			client.Record(ctx, c.client, source, node, "NodeNotReady", "no heartbeat for %s", c.grace)
		}
	}
	for _, pod := range pods.Items {
		if alive[pod.Spec.NodeName] {
			continue
		}
		if err := client.Delete(ctx, c.client, pod, true); err != nil {
			return err
		}
		client.Record(ctx, c.client, source, pod, "Evicted", "node %s is gone", pod.Spec.NodeName)
	}
	return nil
}

// hears reports whether there was a new heartbeat lately.
func (c *nodeHealth) hears(node *core.Node) bool {
	last, known := c.seen[node.Name]
	if !known || !last.said.Equal(node.Status.LastHeartbeat.Time) {
		last = heartbeat{node.Status.LastHeartbeat.Time, time.Now()}
		c.seen[node.Name] = last
	}
	return time.Since(last.heard) <= c.grace
}
