"""`python -m wijkanalyse`."""

from wijkanalyse.cli import main

if __name__ == "__main__":
    main()
