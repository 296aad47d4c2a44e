// Catches a fault of the page itself, so that one broken part never leaves a blank screen.
import { Component, type ReactNode } from 'react';
import { FailureNotice } from './notice.js';

interface State {
  readonly fault: Error | undefined;
}

export class FaultBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { fault: undefined };

  static getDerivedStateFromError(thrown: unknown): State {
    return { fault: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (!fault) return this.props.children;
    return (
      <FailureNotice failure={{ code: 'page_fault', message: `This page has a fault: ${fault.message}` }}>
        <button type="button" className="button" onClick={() => this.setState({ fault: undefined })}>
          Show it again
        </button>
      </FailureNotice>
    );
  }
}
