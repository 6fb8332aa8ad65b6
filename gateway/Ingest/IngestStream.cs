using Grpc.Core;
using Monitoring.Gateway.Hosting;
using Monitoring.Sources;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Ingest;

/// <summary>
/// One open push stream. Three loops share it: this one reads batches, each lane delivers to a partition, and one writes
/// acknowledgements.
/// </summary>
internal sealed partial class IngestStream(
    IngestServices services, StreamEnd end, Wire.Hello hello, SourceStream opened, long highestSequence, ILogger<IngestStream> logger)
{
    /// <summary>What a stream is told that is no longer the one of its source.</summary>
    public const string TakenOver = "a newer stream of this source took over";

    private readonly IngestOptions _options = services.Options;
    private readonly AckQueue _acks = new(services.Options.Window, services.Options.MaxBatchPoints, services.Metrics, services.Clock);
    private readonly BatchSplitter _splitter = new(services.Partitions, services.Options);
    private readonly PartitionLane?[] _lanes = new PartitionLane?[services.Partitions.Count];
    private readonly CancellationTokenSource _reading = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
    private readonly long _startSequence = (long)Math.Max((ulong)opened.AcknowledgedSequence, hello.AcknowledgedSequence);
    private readonly long _highestSequence = Math.Max(highestSequence, (long)Math.Max((ulong)opened.AcknowledgedSequence, hello.AcknowledgedSequence));
    private readonly SourceThrottle _throttle = new(services, hello.Source);
    private readonly AckRecord _record = new(services, hello.Source, opened.Epoch);
    private long _lastSequence;
    private volatile bool _isReconnecting;
    private volatile bool _isRead;

    /// <summary>Serves the stream until one of the two sides ends it.</summary>
    public async Task RunAsync(IAsyncStreamReader<Wire.PushRequest> requests, IServerStreamWriter<Wire.PushResponse> responses)
    {
        using var _ = _reading;
        LogOpened(hello.Source, opened.Epoch, _startSequence);
        using var stopping = services.Stopping.Register(BeginReconnect);
        RpcException? mistake = null;
        var acknowledging = Task.CompletedTask;
        var recording = Task.CompletedTask;
        try
        {
            await responses.WriteAsync(Welcome(), end.Token);
            acknowledging = AcknowledgeAsync(responses);
            recording = _record.RunAsync(end);
            try
            {
                await ReadAsync(requests);
            }
            catch (OperationCanceledException) when (_isReconnecting && !end.Token.IsCancellationRequested)
            {
                // Reading stopped because the gateway goes away; what was read is still acknowledged below.
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.InvalidArgument)
            {
                // What came before the mistake is good and is still acknowledged below.
                mistake = exception;
            }

            await DrainAsync(acknowledging, isBounded: _isReconnecting || mistake is not null);
        }
        catch (OperationCanceledException) when (end.Failure is not null)
        {
            // The reason is thrown below.
        }
        finally
        {
            await CloseAsync(acknowledging, recording);
        }

        if ((end.Failure ?? mistake) is { } failure)
        {
            LogEnded(hello.Source, opened.Epoch, failure.Status.Detail);
            throw failure;
        }
    }

    private Wire.PushResponse Welcome() => new()
    {
        Welcome = new Wire.Welcome
        {
            AcknowledgedSequence = (ulong)_startSequence,
            Window = (uint)_options.Window,
            MaxBatchPoints = (uint)_options.MaxBatchPoints,
            HighestSequence = (ulong)_highestSequence,
        },
    };

    private void BeginReconnect()
    {
        _isReconnecting = true;
        _acks.Ready.Set();
        _reading.Cancel();
    }

    private async Task ReadAsync(IAsyncStreamReader<Wire.PushRequest> requests)
    {
        while (true)
        {
            await _acks.WaitForRoomAsync(_reading.Token);
            if (!await requests.MoveNext(_reading.Token))
            {
                return;
            }

            var request = requests.Current;
            if (request.KindCase != Wire.PushRequest.KindOneofCase.Batch)
            {
                throw RpcErrors.Invalid(request.KindCase == Wire.PushRequest.KindOneofCase.Hello
                    ? "Hello came twice; after the first request every request must be a Batch"
                    : "an empty request came; after Hello every request must be a Batch");
            }

            CheckBatch(request.Batch);
            await AcceptAsync(request.Batch);
            await _throttle.WaitAsync(request.Batch.Points.Count, _reading.Token);
        }
    }

    private void CheckBatch(Wire.Batch batch)
    {
        var sequence = batch.Sequence;
        if (_lastSequence == 0)
        {
            if (sequence == 0 || sequence > (ulong)_highestSequence + 1)
            {
                var expected = _highestSequence == 0 ? "1" : $"1 to {_highestSequence + 1}";
                throw RpcErrors.Invalid(
                    $"the first batch of the stream has sequence {sequence}, expected {expected}; a source that no longer has "
                    + "batches that were acknowledged must state its last Ack in Hello.acknowledged_sequence");
            }
        }
        else if (sequence != (ulong)_lastSequence + 1)
        {
            throw RpcErrors.Invalid($"a batch has sequence {sequence}, expected {_lastSequence + 1}, the one after the previous batch");
        }

        if (batch.Points.Count > _options.MaxBatchPoints)
        {
            throw RpcErrors.Invalid(
                $"batch {sequence} has {batch.Points.Count} points, at most {_options.MaxBatchPoints} are allowed (Welcome.max_batch_points)");
        }

        _lastSequence = (long)sequence;
    }

    private async ValueTask AcceptAsync(Wire.Batch batch)
    {
        var pending = _acks.Add(_lastSequence);
        var latest = (services.Clock.GetUtcNow() + _options.MaxFuture).ToUnixTimeMilliseconds();
        var dictionary = services.Dictionary.Current;
        _splitter.Read(batch);
        _splitter.Split(dictionary, latest);
        if (_splitter.HasUnknownIndicator)
        {
            var fresh = await services.Dictionary.GetForUnknownCodeAsync(end.Token);
            if (fresh.Version > dictionary.Version)
            {
                dictionary = fresh;
                _splitter.Split(dictionary, latest);
            }
        }

        foreach (var columns in _splitter.Columns)
        {
            LaneTo(columns.Partition).Enqueue(pending, columns, dictionary.Version);
        }

        _acks.Settle(pending, accepted: 0, duplicates: 0, _splitter.Rejected);
    }

    private PartitionLane LaneTo(int partition) => _lanes[partition] ??= new PartitionLane(
        partition,
        services.CourierTo(partition),
        hello.Source,
        opened.Epoch,
        _acks,
        end,
        _options,
        services.Metrics,
        services.Clock,
        services.LaneLogger);

    private async Task AcknowledgeAsync(IServerStreamWriter<Wire.PushResponse> responses)
    {
        try
        {
            await WriteAcksAsync(responses);
        }
        catch (Exception exception) when (!end.Token.IsCancellationRequested)
        {
            // The edge of an own loop: without it the reader would wait for room that never comes.
            LogUnanswerable(hello.Source, opened.Epoch, exception);
            end.Fail(StatusCode.Unavailable, "The stream could not be answered; reconnect and resend behind the last Ack.");
        }
    }

    private async Task WriteAcksAsync(IServerStreamWriter<Wire.PushResponse> responses)
    {
        var covered = new List<PendingBatch>(_options.Window);
        var isReconnectSent = false;
        while (true)
        {
            while (_acks.TryTake(out var ack, covered))
            {
                await responses.WriteAsync(new Wire.PushResponse { Ack = ack }, end.Token);
                _record.OnAcknowledged((long)ack.Sequence);
                _acks.Release(covered);
            }

            if (_isReconnecting && !isReconnectSent)
            {
                isReconnectSent = true;
                var reconnect = new Wire.Reconnect { RetryAfterMs = (uint)_options.ReconnectDelay.TotalMilliseconds };
                await responses.WriteAsync(new Wire.PushResponse { Reconnect = reconnect }, end.Token);
            }

            if (_isRead && _acks.IsEmpty)
            {
                return;
            }

            await _acks.Ready.WaitAsync(end.Token);
        }
    }

    private async Task DrainAsync(Task acknowledging, bool isBounded)
    {
        _isRead = true;
        _acks.Ready.Set();
        if (!isBounded)
        {
            // A gateway that begins to go away meanwhile bounds it after all.
            await Task.WhenAny(acknowledging, Task.Delay(Timeout.InfiniteTimeSpan, services.Clock, _reading.Token));
        }

        try
        {
            await acknowledging.WaitAsync(_options.DrainTimeout, services.Clock, end.Token);
        }
        catch (TimeoutException)
        {
            end.Fail(StatusCode.Unavailable, "Not everything could be acknowledged in time; reconnect and resend behind the last Ack.");
        }
    }

    private async Task CloseAsync(Task acknowledging, Task recording)
    {
        await _reading.CancelAsync();
        end.Finish();
        foreach (var lane in _lanes)
        {
            if (lane is not null)
            {
                await lane.Idle;
                lane.Abandon();
            }
        }

        await acknowledging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await recording.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _acks.Abandon();
        await _record.CompleteAsync();
    }
}
