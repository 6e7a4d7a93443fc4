// Package proxy is the userland proxy: it listens at the addresses of services,
// and forwards connections to ready pods in turn.
package proxy

import (
	"context"
	"io"
	"net"
	"reflect"
	"strconv"
	"sync"
	"time"

	"slipway.example/api/core"
	"slipway.example/apimachinery/meta"
	"slipway.example/client-go/client"
	"slipway.example/component-base/logs"
)

// period is the interval of full checks when no event arrives; they also retry
// a port that was taken.
const period = 10 * time.Second

// dialTimeout is long for the loopback address.
const dialTimeout = 2 * time.Second

// Proxy is one kube-proxy. While the API server is away, it goes on with what it
// knows.
type Proxy struct {
	client *client.Client
	// open are the listeners by service and port.
	open map[string]*frontend
}

// New makes a proxy.
func New(c *client.Client) *Proxy { return &Proxy{c, map[string]*frontend{}} }

// Run proxies until ctx is done.
func (p *Proxy) Run(ctx context.Context) {
	client.NewLoop(p.client, period, p.sync, "Service", "Pod").Run(ctx)
	for _, f := range p.open {
		f.listener.Close()
	}
}

func (p *Proxy) sync(ctx context.Context) error {
	services, err := client.GetList[*core.Service](ctx, p.client, "")
	if err != nil {
		return err
	}
	pods, err := client.GetList[*core.Pod](ctx, p.client, "")
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, service := range services.Items {
		key := service.UID + ":" + strconv.Itoa(service.Spec.Port)
		wanted[key] = true
		if p.open[key] == nil {
			listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(service.Spec.Port)))
			if err != nil {
				client.Record(ctx, p.client, "kube-proxy", service, "ListenFailed", "%v", err)
				continue
			}
			p.open[key] = &frontend{listener: listener}
			go p.open[key].serve(ctx)
		}
		p.open[key].set(backendsOf(service, pods.Items))
	}
	for key, f := range p.open {
		if !wanted[key] {
			f.listener.Close()
			delete(p.open, key)
		}
	}
	return nil
}

func backendsOf(service *core.Service, pods []*core.Pod) (addresses []string) {
	for _, pod := range pods {
		if pod.Namespace != service.Namespace || !pod.Status.Ready || pod.DeletionTimestamp != nil || !meta.Matches(service.Spec.Selector, pod.Labels) {
			continue
		}
		for _, container := range pod.Status.Containers {
			if port, ok := container.Ports[service.Spec.TargetPort]; ok {
				addresses = append(addresses, net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
			}
		}
	}
	return addresses
}

// frontend is the listener of one service.
type frontend struct {
	listener net.Listener

	mu       sync.Mutex
	backends []string
	next     int
}

func (f *frontend) set(backends []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !reflect.DeepEqual(f.backends, backends) {
		f.backends, f.next = backends, 0
	}
}

// inTurn returns all backends, each time beginning with the next one.
func (f *frontend) inTurn() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.backends) == 0 {
		return nil
	}
	first := f.next % len(f.backends)
	f.next = first + 1
	return append(append([]string{}, f.backends[first:]...), f.backends[:first]...)
}

func (f *frontend) serve(ctx context.Context) {
	logs.FromContext(ctx).Info("Proxying", "service", f.listener.Addr().String())
	for {
		connection, err := f.listener.Accept()
		if err != nil {
			return
		}
		go f.pass(connection)
	}
}

// pass finds a backend that answers, or closes the connection.
func (f *frontend) pass(connection net.Conn) {
	defer connection.Close()
	for _, address := range f.inTurn() {
		backend, err := net.DialTimeout("tcp", address, dialTimeout)
		if err != nil {
			continue
		}
		defer backend.Close()
		var copies sync.WaitGroup
		copies.Go(func() { copyHalf(backend, connection) })
		copies.Go(func() { copyHalf(connection, backend) })
		copies.Wait()
		return
	}
}

// copyHalf forwards the end of one direction, and leaves the other open.
func copyHalf(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.(*net.TCPConn).CloseWrite()
}
