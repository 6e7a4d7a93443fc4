package app

import (
	"testing"

	"slipway.example/components/pkg/daemon/daemontest"
)

func TestContract(t *testing.T) { daemontest.Test(t, New__Name__Command) }
