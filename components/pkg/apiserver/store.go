package apiserver

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"slipway.example/api/core"
	"slipway.example/apimachinery/meta"
)

// Objects have keys <plural>/<namespace>/<name>; changes have their resource
// version as key, eight bytes, big-endian. One transaction writes both, and it
// is on the disk before a client learns of it.
var objectsBucket, historyBucket = []byte("objects"), []byte("history")

// lockTimeout leaves time for a stopped server that has not ended yet.
const lockTimeout = 5 * time.Second

// Store keeps objects and the history of their changes in one file.
type Store struct {
	db *bbolt.DB
	// history is the number of changes that a watch can go back.
	history uint64

	mu      sync.Mutex
	changed chan struct{}
}

// change is a row of the history.
type change struct {
	Key   string          `json:"key"`
	Event meta.WatchEvent `json:"event"`
}

// OpenStore opens the file at path, and creates it if needed. Only one process
// can have it open.
func OpenStore(path string, history int) (*Store, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockTimeout})
	if errors.Is(err, bbolt.ErrTimeout) {
		return nil, fmt.Errorf("%s is in use by another process", path)
	}
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(objectsBucket)
		_, historyErr := tx.CreateBucketIfNotExists(historyBucket)
		return errors.Join(err, historyErr)
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Store{db: db, history: uint64(history), changed: make(chan struct{})}, nil
}

// Close waits for running transactions.
func (s *Store) Close() error { return s.db.Close() }

// Get returns an object's JSON, nil if there is none.
func (s *Store) Get(key string) (object []byte, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		object = bytes.Clone(tx.Bucket(objectsBucket).Get([]byte(key)))
		return nil
	})
	return object, err
}

// List returns the objects under prefix, and the resource version at that
// moment.
func (s *Store) List(prefix string) (objects []json.RawMessage, revision uint64, err error) {
	objects = []json.RawMessage{}
	err = s.db.View(func(tx *bbolt.Tx) error {
		revision = tx.Bucket(historyBucket).Sequence()
		return each(tx.Bucket(objectsBucket), prefix, func(_, object []byte) error {
			objects = append(objects, bytes.Clone(object))
			return nil
		})
	})
	return objects, revision, err
}

func each(bucket *bbolt.Bucket, prefix string, do func(key, value []byte) error) error {
	cursor := bucket.Cursor()
	for key, value := cursor.Seek([]byte(prefix)); bytes.HasPrefix(key, []byte(prefix)); key, value = cursor.Next() {
		if err := do(key, value); err != nil {
			return err
		}
	}
	return nil
}

// Change replaces the object at key by the result of next; nil stands for no
// object, before and after. An unchanged object keeps its resource version.
// When Change has returned, the change outlives the process.
func (s *Store) Change(kind *core.Kind, key string, next func(current meta.Object) (meta.Object, error)) (meta.Object, error) {
	var result meta.Object
	err := s.db.Update(func(tx *bbolt.Tx) error {
		stored := tx.Bucket(objectsBucket).Get([]byte(key))
		current, err := decode(kind, stored)
		if err != nil {
			return err
		}
		if result, err = next(current); err != nil {
			return err
		}
		if result == nil {
			result, err = current, nil
			if current != nil {
				err = s.put(tx, key, meta.Deleted, current)
			}
			return err
		}
		event := meta.Added
		if stored != nil {
			event = meta.Modified
			if same, err := json.Marshal(result); err != nil || bytes.Equal(same, stored) {
				return err
			}
		}
		if err := s.put(tx, key, event, result); err != nil || kind.Keep == 0 || event != meta.Added {
			return err
		}
		return s.dropOldest(tx, kind, key)
	})
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
	return result, nil
}

func decode(kind *core.Kind, stored []byte) (meta.Object, error) {
	if stored == nil {
		return nil, nil
	}
	object := kind.New()
	return object, json.Unmarshal(stored, object)
}

// put gives the object its resource version and writes it and its event.
func (s *Store) put(tx *bbolt.Tx, key, event string, object meta.Object) error {
	history := tx.Bucket(historyBucket)
	revision, err := history.NextSequence()
	if err != nil {
		return err
	}
	object.GetObjectMeta().ResourceVersion = strconv.FormatUint(revision, 10)
	text, err := json.Marshal(object)
	if err != nil {
		return err
	}
	if event == meta.Deleted {
		err = tx.Bucket(objectsBucket).Delete([]byte(key))
	} else {
		err = tx.Bucket(objectsBucket).Put([]byte(key), text)
	}
	if err != nil {
		return err
	}
	row, err := json.Marshal(change{key, meta.WatchEvent{Type: event, Object: text}})
	if err != nil {
		return err
	}
	if revision > s.history {
		for old, _ := history.Cursor().First(); old != nil && binary.BigEndian.Uint64(old) <= revision-s.history; old, _ = history.Cursor().First() {
			if err := history.Delete(old); err != nil {
				return err
			}
		}
	}
	return history.Put(binary.BigEndian.AppendUint64(nil, revision), row)
}

// dropOldest orders by name; names sort by time for kinds with a limit.
func (s *Store) dropOldest(tx *bbolt.Tx, kind *core.Kind, key string) error {
	var keys [][]byte
	namespace := key[:strings.LastIndexByte(key, '/')+1]
	err := each(tx.Bucket(objectsBucket), namespace, func(key, _ []byte) error {
		keys = append(keys, bytes.Clone(key))
		return nil
	})
	for i := 0; err == nil && i < len(keys)-kind.Keep; i++ {
		var oldest meta.Object
		if oldest, err = decode(kind, tx.Bucket(objectsBucket).Get(keys[i])); err == nil {
			err = s.put(tx, string(keys[i]), meta.Deleted, oldest)
		}
	}
	return err
}

// Changed is closed at the next change. A caller takes it before Since to miss
// none.
func (s *Store) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// errExpired means that the history does not reach back that far, or that a
// store with a lower version replaced this one.
var errExpired = errors.New("the resource version is too old")

// Since returns the events under prefix after a resource version, and the next
// version to ask for.
func (s *Store) Since(revision uint64, prefix string) (events []meta.WatchEvent, next uint64, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		history := tx.Bucket(historyBucket)
		next = history.Sequence()
		cursor := history.Cursor()
		if oldest, _ := cursor.First(); revision > next || oldest != nil && revision+1 < binary.BigEndian.Uint64(oldest) {
			return errExpired
		}
		for key, row := cursor.Seek(binary.BigEndian.AppendUint64(nil, revision+1)); key != nil; key, row = cursor.Next() {
			var happened change
			if err := json.Unmarshal(row, &happened); err != nil {
				return err
			}
			if strings.HasPrefix(happened.Key, prefix) {
				events = append(events, happened.Event)
			}
		}
		return nil
	})
	return events, next, err
}
