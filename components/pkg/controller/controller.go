// Package controller holds the loops of the controller manager.
package controller

import (
	"context"
	"sync"
	"time"

	"slipway.example/client-go/client"
)

// source is the name of the controller manager in events.
const source = "kube-controller-manager"

// period is the interval of full checks when no event arrives.
const period = 30 * time.Second

// Manager runs all loops. Two managers of one cluster would make too many pods
// and remove them again.
type Manager struct {
	client *client.Client
	grace  time.Duration
}

// New makes a manager that gives up nodes that are silent for longer than grace.
func New(c *client.Client, grace time.Duration) *Manager { return &Manager{c, grace} }

// Run runs the loops until ctx is done.
func (m *Manager) Run(ctx context.Context) {
	nodes := &nodeHealth{client: m.client, grace: m.grace, seen: map[string]heartbeat{}}
	replicas := &replicaSets{m.client}
	var loops sync.WaitGroup
	loops.Go(func() { client.NewLoop(m.client, period, replicas.sync, "ReplicaSet", "Pod").Run(ctx) })
	loops.Go(func() { client.NewLoop(m.client, m.grace/4, nodes.sync).Run(ctx) })
	loops.Wait()
}
