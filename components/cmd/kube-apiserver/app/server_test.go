package app

import (
	"testing"

	"slipway.example/components/pkg/daemon/daemontest"
)

func TestContract(t *testing.T) { daemontest.Test(t, NewAPIServerCommand, "--data-dir="+t.TempDir()) }
