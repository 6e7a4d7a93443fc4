// Package kubelet runs the pods of one node as processes of this machine.
package kubelet

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"time"

	"slipway.example/api/core"
	"slipway.example/apimachinery/meta"
	"slipway.example/client-go/client"
	"slipway.example/component-base/logs"
)

const (
	source = "kubelet"
	// period is the interval of full checks when no event arrives.
	period = 10 * time.Second
	// goodbyeTimeout limits the last report to the API server.
	goodbyeTimeout = 2 * time.Second
	// followPeriod is the interval of reads of a followed log.
	followPeriod = 100 * time.Millisecond
)

// Config is the configuration of a kubelet.
type Config struct {
	Client   *client.Client
	NodeName string
	Labels   map[string]string
	// RootDir has a directory for each pod.
	RootDir string
	// Address is where the API server reaches the kubelet.
	Address  string
	Capacity core.Resources
	// HeartbeatPeriod is the interval of the node's heartbeats.
	HeartbeatPeriod time.Duration
}

// Kubelet is one node.
type Kubelet struct {
	Config
	loop *client.Loop
	// runners by the pod's UID; only sync changes the map.
	runners map[string]*runner
}

// New makes a kubelet.
func New(config Config) *Kubelet {
	k := &Kubelet{Config: config, runners: map[string]*runner{}}
	k.loop = client.NewLoop(config.Client, period, k.sync, "Pod")
	return k
}

// Run runs pods until ctx is done, and then ends them. It first ends processes
// that a killed kubelet left running.
func (k *Kubelet) Run(ctx context.Context) {
	k.endLeftovers(ctx)
	go client.NewLoop(k.Client, k.HeartbeatPeriod, func(ctx context.Context) error { return k.heartbeat(ctx, true) }).Run(ctx)
	k.loop.Run(ctx)
	var ending sync.WaitGroup
	for _, r := range k.runners {
		ending.Go(r.stop)
	}
	ending.Wait()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbyeTimeout)
	defer cancel()
	if err := k.heartbeat(ctx, false); err != nil {
		logs.FromContext(ctx).Warn("The API server does not know that this node stops", "err", err)
	}
}

func (k *Kubelet) heartbeat(ctx context.Context, ready bool) error {
	node, err := client.Get[*core.Node](ctx, k.Client, "", k.NodeName)
	status := core.NodeStatus{Ready: ready, LastHeartbeat: meta.Now(), Address: k.Address, Capacity: k.Capacity}
	if meta.ReasonOf(err) == meta.ReasonNotFound {
		m := meta.ObjectMeta{Name: k.NodeName, Labels: k.Labels}
		return client.Create(ctx, k.Client, &core.Node{ObjectMeta: m, Status: status})
	}
	if err != nil {
		return err
	}
	return client.Modify(ctx, k.Client, node, func(node *core.Node) { node.Status = status })
}

func (k *Kubelet) sync(ctx context.Context) error {
	pods, err := client.GetList[*core.Pod](ctx, k.Client, "")
	if err != nil {
		return err
	}
	mine := map[string]bool{}
	for _, pod := range pods.Items {
		if pod.Spec.NodeName != k.NodeName {
			continue
		}
		mine[pod.UID] = true
		if err := k.syncPod(ctx, pod); err != nil {
			return err
		}
	}
	for uid, r := range k.runners {
		if !mine[uid] && r.stopped() {
			delete(k.runners, uid)
		}
	}
	return k.removeOldDirectories(mine)
}

// syncPod starts the pod, reports its status, or releases it.
func (k *Kubelet) syncPod(ctx context.Context, pod *core.Pod) error {
	r := k.runners[pod.UID]
	finished := pod.Status.Phase == core.PodSucceeded || pod.Status.Phase == core.PodFailed
	switch {
	case pod.DeletionTimestamp != nil:
		if r != nil && !r.stopped() {
			return nil
		}
		delete(k.runners, pod.UID)
		return client.Delete(ctx, k.Client, pod, true)
	case r == nil && finished:
		return nil
	case r == nil:
		r = startRunner(ctx, pod, k.podDir(pod.UID), k.loop.Wake)
		k.runners[pod.UID] = r
		client.Record(ctx, k.Client, source, pod, "Started", "started on %s", k.NodeName)
	}
	if status := r.status(); !reflect.DeepEqual(status, pod.Status) {
		pod.Status = status
		return client.Update(ctx, k.Client, pod)
	}
	return nil
}

func (k *Kubelet) podDir(uid string) string { return filepath.Join(k.RootDir, "pods", uid) }

// removeOldDirectories removes the logs of pods that are gone.
func (k *Kubelet) removeOldDirectories(mine map[string]bool) error {
	entries, err := os.ReadDir(filepath.Join(k.RootDir, "pods"))
	for _, entry := range entries {
		if !mine[entry.Name()] && k.runners[entry.Name()] == nil {
			if err := os.RemoveAll(k.podDir(entry.Name())); err != nil {
				return err
			}
		}
	}
	if os.IsNotExist(err) {
		return nil
	}
	return err
}

func (k *Kubelet) endLeftovers(ctx context.Context) {
	files, _ := filepath.Glob(k.podDir("*") + string(filepath.Separator) + "*" + pidSuffix)
	for _, file := range files {
		if ended, err := endLeftover(file); err != nil {
			logs.FromContext(ctx).Error("A container of an earlier kubelet could not be ended", "file", file, "err", err)
		} else if ended {
			logs.FromContext(ctx).Info("Ended a container of an earlier kubelet", "file", file)
		}
	}
}

// InstallLogs adds the path the API server asks for logs. With ?follow=true the
// answer ends when the pod is gone, or ctx done.
func (k *Kubelet) InstallLogs(ctx context.Context, mux *http.ServeMux) {
	mux.HandleFunc("GET /logs/{uid}/{container}", func(w http.ResponseWriter, request *http.Request) {
		// A root, because the names come from outside.
		root, err := os.OpenRoot(k.RootDir)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer root.Close()
		name := filepath.Join("pods", request.PathValue("uid"), request.PathValue("container")+logSuffix)
		file, err := root.Open(name)
		if err != nil {
			http.Error(w, "this node has no such log", http.StatusNotFound)
			return
		}
		defer file.Close()
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		for {
			if _, err := io.Copy(w, file); err != nil || request.URL.Query().Get("follow") != "true" {
				return
			}
			_ = http.NewResponseController(w).Flush()
			if _, err := root.Stat(name); err != nil {
				return
			}
			select {
			case <-request.Context().Done():
				return
			case <-ctx.Done():
				return
			case <-time.After(followPeriod):
			}
		}
	})
}
