import { boards, hrefOf } from "board";

export function MastHead({ here }: { here: string }) {
  return (
    <header className="masthead">
      <div className="masthead-in">
        <a className="brand" href="/">
          Tidewire
        </a>
        <nav className="segments boards" aria-label="Boards">
          {boards.map((board) => (
            <a
              key={board.name}
              href={hrefOf(board, import.meta.env.DEV)}
              aria-current={board.name === here ? "page" : undefined}
            >
              {board.title}
            </a>
          ))}
        </nav>
      </div>
    </header>
  );
}
