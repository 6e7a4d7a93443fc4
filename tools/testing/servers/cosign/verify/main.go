// The verdicts of cosign by a key, without a log: its own library is asked as its commands ask it. Without the clouds, policies and
// hardware that the whole command knows it is built in a third of the time. Words and flags are those of cosign.
package main

import (
	"context"
	"crypto"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/sigstore/cosign/v3/pkg/cosign"
	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/verify"
	"github.com/sigstore/sigstore/pkg/cryptoutils"
	"github.com/sigstore/sigstore/pkg/signature"
)

func main() {
	flags := flag.NewFlagSet("cosign", flag.ExitOnError)
	key := flags.String("key", "", "")
	flags.Bool("insecure-ignore-tlog", true, "")
	predicate := flags.String("type", "", "")
	bundlePath := flags.String("bundle", "", "")
	if err := flags.Parse(os.Args[2:]); err != nil || flags.NArg() != 1 {
		panic("one file or image")
	}
	options, err := optionsFor(*key)
	if err == nil {
		if os.Args[1] == "verify-blob-attestation" {
			err = verifyBlob(options, *bundlePath, *predicate, flags.Arg(0))
		} else {
			err = verifyImage(options, *predicate, flags.Arg(0))
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func optionsFor(key string) (*cosign.CheckOpts, error) {
	text, err := os.ReadFile(key)
	if err != nil {
		return nil, err
	}
	public, err := cryptoutils.UnmarshalPEMToPublicKey(text)
	if err != nil {
		return nil, err
	}
	verifier, err := signature.LoadVerifier(public, crypto.SHA256)
	return &cosign.CheckOpts{
		IgnoreTlog:      true,
		NewBundleFormat: true,
		ClaimVerifier:   cosign.IntotoSubjectClaimVerifier,
		SigVerifier:     verifier,
	}, err
}

func verifyBlob(options *cosign.CheckOpts, bundlePath, predicate, path string) error {
	signed, err := bundle.LoadJSONFromPath(bundlePath)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	result, err := cosign.VerifyNewBundle(context.Background(), options, verify.WithArtifact(file), signed)
	if err != nil {
		return err
	}
	return expect(predicate, result.Statement.GetPredicateType())
}

func verifyImage(options *cosign.CheckOpts, predicate, image string) error {
	reference, err := name.ParseReference(image)
	if err != nil {
		return err
	}
	found, _, err := cosign.VerifyImageAttestations(context.Background(), reference, options)
	if err != nil || predicate == "" {
		return err
	}
	for _, each := range found {
		kind, err := predicateOf(each.Payload())
		if err != nil {
			return err
		}
		if expect(predicate, kind) == nil {
			return nil
		}
	}
	return errors.New("none of the attestations is of the type")
}

func predicateOf(envelope []byte, err error) (string, error) {
	var signed struct{ Payload string }
	var statement struct{ PredicateType string }
	if err == nil {
		err = json.Unmarshal(envelope, &signed)
	}
	text, wrong := base64.StdEncoding.DecodeString(signed.Payload)
	err = errors.Join(err, wrong, json.Unmarshal(text, &statement))
	return statement.PredicateType, err
}

// The one type that our tests ask for.
var types = map[string]string{"slsaprovenance1": "https://slsa.dev/provenance/v1"}

func expect(predicate, found string) error {
	if types[predicate] != found {
		return fmt.Errorf("invalid predicate type, expected %s got %s", predicate, found)
	}
	return nil
}
