"""What the API and the pages share: requests, responses, security headers, CSV."""
