// Tools: the caller's own, by agent, with a filter; and the form of the one that the address names.
import { useState } from 'react';
import { useLab } from '../mcp/lab.js';
import { toolHref } from '../route.js';
import { Icon } from '../ui/icon.js';
import { Notice } from '../ui/notice.js';
import { EffectBadge } from './effect-badge.js';
import { ToolForm } from './tool-form.js';
import { groupTools, titleOf } from './tool-groups.js';

export function ToolsPage({ tool: name }: { tool: string | undefined }) {
  const { tools } = useLab();
  const tool = tools.find((each) => each.name === name);
  return (
    <div className={name ? 'page tools tools-open' : 'page tools'}>
      <ToolList open={name} />
      <section className="tool-main" aria-label="Tool">
        {name && (
          <a className="back-link" href="#/tools">
            <Icon name="back" />
            All tools
          </a>
        )}
        {tool && <ToolForm key={tool.name} tool={tool} />}
        {name && !tool && (
          <Notice title={`There is no tool “${name}” for you.`}>
            <p>It does not exist, or this sign-in may not use it. Choose one of the list.</p>
          </Notice>
        )}
        {!name && (
          <div className="tool-none">
            <p className="lead">Choose a tool to see what it does and to run it.</p>
          </div>
        )}
      </section>
    </div>
  );
}

function ToolList({ open }: { open: string | undefined }) {
  const { tools } = useLab();
  const [filter, setFilter] = useState('');
  const groups = groupTools(tools, filter);
  return (
    <nav className="tool-list" aria-label="Tools">
      <h1>Tools</h1>
      <div className="filter">
        <Icon name="search" />
        <input
          className="input"
          type="search"
          data-testid="tool-filter"
          aria-label="Filter the tools"
          placeholder="Filter"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      </div>
      <p className="sr-only" role="status">
        {groups.reduce((count, group) => count + group.tools.length, 0)} tools
      </p>
      {groups.length === 0 && (
        <p className="muted">{tools.length === 0 ? 'This sign-in may use no tools.' : 'No tool fits the filter.'}</p>
      )}
      {groups.map((group) => (
        <section key={group.agent} className="tool-group" aria-labelledby={`group-${group.agent}`}>
          <h2 id={`group-${group.agent}`}>{group.agent}</h2>
          <ul>
            {group.tools.map((tool) => (
              <li key={tool.name}>
                <a
                  className="tool-link"
                  href={toolHref(tool.name)}
                  data-testid={`tool-${tool.name}`}
                  aria-current={tool.name === open ? 'true' : undefined}
                >
                  <span className="tool-link-title">{titleOf(tool)}</span>
                  <EffectBadge tool={tool} quiet />
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}
