package controller

import (
	"cmp"
	"context"
	"slices"

	"slipway.example/api/core"
	"slipway.example/apimachinery/meta"
	"slipway.example/client-go/client"
)

// replicaSets keeps the wanted number of pods of each ReplicaSet, and removes
// pods whose ReplicaSet is gone.
type replicaSets struct{ client *client.Client }

func (c *replicaSets) sync(ctx context.Context) error {
	// Pods are listed first: each listed pod has its ReplicaSet in the later
	// list, or is an orphan.
	pods, err := client.GetList[*core.Pod](ctx, c.client, "")
	if err != nil {
		return err
	}
	sets, err := client.GetList[*core.ReplicaSet](ctx, c.client, "")
	if err != nil {
		return err
	}
	owned := map[string][]*core.Pod{}
	for _, pod := range pods.Items {
		for _, owner := range pod.OwnerReferences {
			if owner.Kind == "ReplicaSet" {
				owned[owner.UID] = append(owned[owner.UID], pod)
			}
		}
	}
	for _, set := range sets.Items {
		if err := c.syncOne(ctx, set, owned[set.UID]); err != nil {
			return err
		}
		delete(owned, set.UID)
	}
	for _, orphans := range owned {
		for _, pod := range orphans {
			if err := client.Delete(ctx, c.client, pod, false); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *replicaSets) syncOne(ctx context.Context, set *core.ReplicaSet, pods []*core.Pod) error {
	active := slices.DeleteFunc(pods, func(pod *core.Pod) bool {
		return pod.DeletionTimestamp != nil || pod.Status.Phase == core.PodFailed || pod.Status.Phase == core.PodSucceeded
	})
	// The least useful pods go first: not ready, then without a node, then
	// young.
	slices.SortFunc(active, func(a, b *core.Pod) int {
		return cmp.Or(rank(a)-rank(b), b.CreationTimestamp.Compare(a.CreationTimestamp.Time), cmp.Compare(a.Name, b.Name))
	})
	status := core.ReplicaSetStatus{Replicas: len(active)}
	for _, pod := range active {
		if pod.Status.Ready {
			status.ReadyReplicas++
		}
	}
	if set.Status != status {
		set.Status = status
		if err := client.Update(ctx, c.client, set); err != nil {
			return err
		}
	}
	for missing := set.Spec.Replicas - len(active); missing > 0; missing-- {
		pod := podOf(set)
		if err := client.Create(ctx, c.client, pod); err != nil {
			return err
		}
		client.Record(ctx, c.client, source, set, "SuccessfulCreate", "created pod %s", pod.Name)
	}
	for _, pod := range active[:max(len(active)-set.Spec.Replicas, 0)] {
		if err := client.Delete(ctx, c.client, pod, false); err != nil {
			return err
		}
		client.Record(ctx, c.client, source, set, "SuccessfulDelete", "deleted pod %s", pod.Name)
	}
	return nil
}

func rank(pod *core.Pod) int {
	switch {
	case pod.Status.Ready:
		return 2
	case pod.Spec.NodeName != "":
		return 1
	default:
		return 0
	}
}

func podOf(set *core.ReplicaSet) *core.Pod {
	return &core.Pod{
		ObjectMeta: meta.ObjectMeta{
			GenerateName: set.Name + "-", Namespace: set.Namespace,
			Labels: set.Spec.Template.Labels, Annotations: set.Spec.Template.Annotations,
			OwnerReferences: []meta.OwnerReference{{Kind: "ReplicaSet", Name: set.Name, UID: set.UID}},
		},
		Spec: set.Spec.Template.Spec,
	}
}
