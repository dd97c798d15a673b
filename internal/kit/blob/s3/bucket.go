package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/dure-commerce/dure/internal/kit/blob"
)

// endpointDefault is asked when an address names none.
const endpointDefault = "https://s3.amazonaws.com"

// ErrAddress is an address that names no bucket.
var ErrAddress = errors.New("s3: an address reads s3://bucket/prefix?endpoint=https://host&region=name")

// Bucket is a blob.Store in a bucket. It is safe for concurrent use and by several processes.
type Bucket struct {
	client *minio.Client
	name   string
	prefix string
}

// Open reaches the bucket of an address s3://bucket/prefix?endpoint=https://host:port&region=name, and fails when the
// bucket does not answer, is not there or refuses the credentials.
func Open(ctx context.Context, address string) (*Bucket, error) {
	b, err := parse(address)
	if err != nil {
		return nil, err
	}
	found, err := b.client.BucketExists(ctx, b.name)
	if err != nil {
		return nil, fmt.Errorf("s3: bucket %s: %w", b.name, err)
	}
	if !found {
		return nil, fmt.Errorf("s3: there is no bucket %s", b.name)
	}
	return b, nil
}

func parse(address string) (*Bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.User != nil {
		return nil, ErrAddress
	}
	endpoint := u.Query().Get("endpoint")
	if endpoint == "" {
		endpoint = endpointDefault
	}
	to, err := url.Parse(endpoint)
	if err != nil || to.Host == "" || to.Scheme != "http" && to.Scheme != "https" {
		return nil, ErrAddress
	}
	client, err := minio.New(to.Host, &minio.Options{
		Creds: credentials.NewChainCredentials([]credentials.Provider{
			&credentials.EnvAWS{}, &credentials.EnvMinio{}, &credentials.FileAWSCredentials{}, &credentials.IAM{},
		}),
		Secure: to.Scheme == "https",
		Region: u.Query().Get("region"),
	})
	if err != nil {
		return nil, fmt.Errorf("s3: %w", err)
	}
	return &Bucket{client, u.Host, strings.Trim(u.Path, "/")}, nil
}

// place spreads blobs over 256 folders, as the store on disk does: a folder copied into a bucket is a store.
func (b *Bucket) place(key blob.Key) string { return path.Join(b.prefix, string(key[:2]), string(key)) }

// Put stores the bytes unless the bucket has them.
func (b *Bucket) Put(ctx context.Context, data []byte) (blob.Key, error) {
	key := blob.KeyOf(data)
	if info, err := b.Stat(ctx, key); err == nil && info.Size == int64(len(data)) {
		return key, nil
	}
	_, err := b.client.PutObject(ctx, b.name, b.place(key), bytes.NewReader(data), int64(len(data)),
		minio.PutObjectOptions{ContentType: "application/octet-stream",
			DisableContentSha256: len(data) == 0}) // nothing, signed as a stream, would be sent without its length
	if err != nil {
		return "", fmt.Errorf("blob %s: %w", key, err)
	}
	return key, nil
}

// Get opens a blob; its bytes are fetched as they are read.
func (b *Bucket) Get(ctx context.Context, key blob.Key) (io.ReadSeekCloser, error) {
	if err := key.Check(); err != nil {
		return nil, err
	}
	object, err := b.client.GetObject(ctx, b.name, b.place(key), minio.GetObjectOptions{})
	if err != nil {
		return nil, missing(err)
	}
	if _, err := object.Stat(); err != nil {
		return nil, missing(errors.Join(err, object.Close()))
	}
	return object, nil
}

// Stat asks for a blob's size.
func (b *Bucket) Stat(ctx context.Context, key blob.Key) (blob.Info, error) {
	if err := key.Check(); err != nil {
		return blob.Info{}, err
	}
	info, err := b.client.StatObject(ctx, b.name, b.place(key), minio.StatObjectOptions{})
	if err != nil {
		return blob.Info{}, missing(err)
	}
	return blob.Info{Key: key, Size: info.Size}, nil
}

// Delete removes a blob from the bucket.
func (b *Bucket) Delete(ctx context.Context, key blob.Key) error {
	if err := key.Check(); err != nil {
		return err
	}
	err := b.client.RemoveObject(ctx, b.name, b.place(key), minio.RemoveObjectOptions{})
	if err = missing(err); errors.Is(err, blob.ErrNotFound) {
		return nil
	}
	return err
}

// missing turns the store's own word for it into blob.ErrNotFound.
func missing(err error) error {
	var answer minio.ErrorResponse
	if errors.As(err, &answer) && (answer.Code == minio.NoSuchKey || answer.StatusCode == http.StatusNotFound) {
		return blob.ErrNotFound
	}
	return err
}
