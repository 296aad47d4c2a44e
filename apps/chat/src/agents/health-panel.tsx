// The health report: services it stands on, and bars for CPU, memory, disk and GPUs.
import { StatusPill } from './agent-card.js';
import { type Check, formatBytes, formatMs, type Gpu, type Health, type QueueCheck, usedRatio } from './manifest.js';
import { Meter } from './meter.js';

export function HealthPanel({ health }: { health: Health }) {
  const { cpu, memory, disk } = health;
  const memoryUsed = memory.totalBytes - memory.availableBytes;
  const diskUsed = disk.totalBytes - disk.availableBytes;
  return (
    <div className="health">
      <div className="card">
        <div className="agent-head">
          <h3>Services</h3>
          <StatusPill up={health.status === 'healthy'} text={health.status} testId="health-status" />
        </div>
        <ul className="checks">
          <CheckRow name="Database" check={health.database} />
          <CheckRow name="Queue" check={health.queue} note={queueNote(health.queue)} />
          <CheckRow name="Bus" check={health.bus} />
        </ul>
      </div>
      <div className="card">
        <h3>Machine</h3>
        <Meter
          name="CPU"
          ratio={usedRatio(cpu.usedRatio, 1)}
          detail={`${cpu.cores} cores, load ${cpu.load1m.toFixed(2)}`}
        />
        <Meter
          name="Memory"
          ratio={usedRatio(memoryUsed, memory.totalBytes)}
          detail={`${formatBytes(memoryUsed)} of ${formatBytes(memory.totalBytes)}, this process ${formatBytes(memory.processBytes)}`}
        />
        <Meter
          name="Disk"
          ratio={usedRatio(diskUsed, disk.totalBytes)}
          detail={`${formatBytes(disk.availableBytes)} free of ${formatBytes(disk.totalBytes)} at ${disk.path}`}
        />
      </div>
      {health.gpus.map((gpu) => (
        <GpuCard key={gpu.index} gpu={gpu} />
      ))}
    </div>
  );
}

const queueNote = ({ waiting, active, failed }: QueueCheck): string | undefined =>
  waiting === null ? undefined : `${waiting} waiting, ${active ?? 0} active, ${failed ?? 0} failed`;

const CheckRow = ({ name, check, note }: { name: string; check: Check; note?: string }) => (
  <li className="check">
    <div>
      <span className="check-name">{name}</span>
      <span className="muted">
        {[check.kind, check.latencyMs === null ? undefined : formatMs(check.latencyMs), note]
          .filter((part) => part !== undefined)
          .join(' · ')}
      </span>
      {check.message && <p className={check.status === 'up' ? 'muted' : 'problem'}>{check.message}</p>}
    </div>
    <StatusPill up={check.status === 'up'} text={check.status} />
  </li>
);

const GpuCard = ({ gpu }: { gpu: Gpu }) => (
  <div className="card">
    <h3>
      GPU {gpu.index}: {gpu.name}
    </h3>
    {gpu.utilizationRatio !== null && (
      <Meter
        name="In use"
        ratio={usedRatio(gpu.utilizationRatio, 1)}
        detail={gpu.temperatureC === null ? '' : `${gpu.temperatureC} °C`}
      />
    )}
    <Meter
      name="Memory"
      ratio={usedRatio(gpu.memoryUsedBytes, gpu.memoryTotalBytes)}
      detail={`${formatBytes(gpu.memoryUsedBytes)} of ${formatBytes(gpu.memoryTotalBytes)}`}
    />
  </div>
);
